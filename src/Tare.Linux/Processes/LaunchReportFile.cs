// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>A file in which a launched process tells how far it came, also after its starter has gone.</summary>
internal static class LaunchReportFile
{
    private const int Length = 4096;

    /// <summary>Makes an empty one, readable for its owner only.</summary>
    public static Fd Create(Fd directory, ReadOnlySpan<byte> name)
    {
        Fd file = directory.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0b110_000_000);
        try
        {
            file.SetLength(Length);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>One that only the process and its starter have; the caller owns it.</summary>
    public static Fd InMemory()
    {
        Fd file = MemoryFile.Create("tare report"u8);
        try
        {
            file.SetLength(Length);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What it tells by now; null when there is no such file.</summary>
    public static LaunchReport? TryRead(Fd directory, ReadOnlySpan<byte> name)
    {
        using Fd? file = directory.TryOpen(name, OpenFlags.ReadOnly);
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<LaunchReport>()];
        return file is not null && file.ReadAt(bytes, 0) == bytes.Length ? MemoryMarshal.Read<LaunchReport>(bytes) : null;
    }
}
