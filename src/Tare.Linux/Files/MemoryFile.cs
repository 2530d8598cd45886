// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Files that live in memory and have no name in any directory.</summary>
/// <remarks>man memfd_create(2)</remarks>
internal static unsafe class MemoryFile
{
    private const int AllSeals = Libc.F_SEAL_SEAL | Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_WRITE;

    /// <summary>An empty one; <paramref name="name"/> is only for people who look into /proc.</summary>
    public static Fd Create(ReadOnlySpan<byte> name)
    {
        CString text = new(name);
        fixed (byte* n = text)
        {
            const uint Flags = Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING;
            return new Fd(Libc.Check(Libc.memfd_create(n, Flags), "memfd_create"));
        }
    }

    /// <summary>One with content that nobody can change any more, positioned at its start.</summary>
    public static Fd Sealed(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Fd file = Create(name);
        try
        {
            file.Write(content);
            file.Seek(0);
            Seal(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>From now on neither content nor size changes; EBUSY while a writable mapping exists.</summary>
    public static void Seal(Fd file) => Libc.Check(Libc.fcntl(file.Raw, Libc.F_ADD_SEALS, AllSeals), "fcntl", "F_ADD_SEALS");

    /// <summary>True when the file is sealed in every way; false also for files that are not in memory.</summary>
    public static bool IsSealed(Fd file) => Libc.fcntl(file.Raw, Libc.F_GET_SEALS, 0) is >= 0 and var seals
        && (seals & AllSeals) == AllSeals;
}
