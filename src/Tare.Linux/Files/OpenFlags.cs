// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Files;

/// <summary>How a file is opened. Close-on-exec is always added.</summary>
/// <remarks>man open(2). The values are those of x86-64; <see cref="OpenFlagsNative"/> translates for arm64.</remarks>
[Flags]
internal enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    NoTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    Directory = 0x10000,

    /// <summary>A symbolic link in the last place is not followed: ELOOP, or with <see cref="Path"/> the link itself.</summary>
    NoFollow = 0x20000,
    NoAccessTime = 0x40000,

    /// <summary>O_PATH: a handle on the place only; no reading, works on everything.</summary>
    Path = 0x200000,

    /// <summary>O_TMPFILE: a file without a name in the directory that is opened.</summary>
    TemporaryFile = 0x400000 | Directory,
}

/// <summary>The bits that the kernel of this machine expects.</summary>
internal static class OpenFlagsNative
{
    private const int O_CLOEXEC = 0x80000;
    private const OpenFlags Different = OpenFlags.Directory | OpenFlags.NoFollow;
    private const int Arm64Directory = 0x4000;
    private const int Arm64NoFollow = 0x8000;

    public static int ToNative(this OpenFlags flags)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            return (int)flags | O_CLOEXEC;
        }

        int native = (int)(flags & ~Different) | O_CLOEXEC;
        native |= flags.HasFlag(OpenFlags.Directory) ? Arm64Directory : 0;
        native |= flags.HasFlag(OpenFlags.NoFollow) ? Arm64NoFollow : 0;
        return native;
    }
}
