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
        int file = TryCreate(name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING);
        return new Fd(Libc.Check(file, "memfd_create"));
    }

    /// <summary>An empty one that may become a program.</summary>
    /// <exception cref="LinuxException">EACCES: the host lets no file in memory be executed (sysctl vm.memfd_noexec=2)</exception>
    public static Fd CreateExecutable(ReadOnlySpan<byte> name)
    {
        int file = TryCreate(name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING | Libc.MFD_EXEC);
        if (file < 0 && Libc.LastErrno == Errno.EINVAL)
        {
            // before Linux 6.3, where all of them may
            file = TryCreate(name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING);
        }

        return new Fd(Libc.Check(file, "memfd_create", "a program in memory (sysctl vm.memfd_noexec)"));
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

    /// <summary>From now on its size stays, and it is written to only through mappings that exist. Linux 5.1</summary>
    /// <remarks>Unlike <see cref="Seal"/> it waits for nobody who looks at a page.</remarks>
    public static void SealFuture(Fd file) => Libc.Check(
        Libc.fcntl(file.Raw, Libc.F_ADD_SEALS, Libc.F_SEAL_SEAL | Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_FUTURE_WRITE),
        "fcntl", "F_ADD_SEALS");

    /// <summary>True when the file is sealed in every way; false also for files that are not in memory.</summary>
    public static bool IsSealed(Fd file) => Libc.fcntl(file.Raw, Libc.F_GET_SEALS, 0) is >= 0 and var seals
        && (seals & AllSeals) == AllSeals;

    private static int TryCreate(ReadOnlySpan<byte> name, uint flags)
    {
        CString text = new(name);
        fixed (byte* n = text)
        {
            return Libc.memfd_create(n, flags);
        }
    }
}
