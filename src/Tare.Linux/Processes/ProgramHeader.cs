// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>The first bytes of a launch program. All offsets count from the start of the program.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramHeader
{
    /// <summary>"TLP1": the program never leaves the machine and the binary that made it, so there is one version.</summary>
    public const uint ExpectedMagic = 0x31504c54;

    public uint Magic;

    /// <summary>Bytes of the whole program.</summary>
    public int Length;

    public int CallsOffset;
    public int CallCount;

    /// <summary>Eight bytes for each slot.</summary>
    public int SlotsOffset;
    public int SlotCount;

    /// <summary>32-bit offsets of the eight-byte words to which the address of the program is added.</summary>
    public int RelocationsOffset;
    public int RelocationCount;

    /// <summary>How many descriptors the starter must hand over.</summary>
    public int GivenCount;

    public int DataOffset;
}
