// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A lock that tells whether its owner lives: anybody can look without ever holding it.</summary>
/// <remarks>
/// man fcntl(2), open file description locks. Unlike <see cref="FileLock"/>, whose lookers would have to take it for a
/// moment and could be in the way of an owner that is just coming.
/// </remarks>
internal sealed unsafe class LifeLock : IDisposable
{
    private const nint F_OFD_GETLK = 36;
    private const nint F_OFD_SETLK = 37;
    private const short F_WRLCK = 1;
    private const short F_UNLCK = 2;

    private readonly Fd _file;

    private LifeLock(Fd file) => _file = file;

    /// <summary>Null when somebody else lives. The file is made when missing (0600).</summary>
    public static LifeLock? TryTake(Fd directory, ReadOnlySpan<byte> name)
    {
        Fd file = directory.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, 0b110_000_000);
        flock wanted = new() { l_type = F_WRLCK };
        nint result = Libc.syscall(SystemCall.fcntl, file.Raw, F_OFD_SETLK, (nint)(&wanted), 0, 0, 0);
        if (result == 0)
        {
            return new LifeLock(file);
        }

        Errno errno = Libc.LastErrno;
        file.Dispose();
        return errno is Errno.EAGAIN or Errno.EACCES ? null : throw new LinuxException(errno, "fcntl", CString.Show(name));
    }

    /// <summary>True while an owner lives.</summary>
    /// <param name="file">open for reading; lent</param>
    public static bool IsHeld(Fd file)
    {
        flock wanted = new() { l_type = F_WRLCK };
        Libc.Check(Libc.syscall(SystemCall.fcntl, file.Raw, F_OFD_GETLK, (nint)(&wanted), 0, 0, 0), "fcntl");
        return wanted.l_type != F_UNLCK;
    }

    /// <summary>The content of the locked file; the lock stays.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _file.WriteAt(bytes, 0);

    public void Dispose() => _file.Dispose();

    /// <summary>struct flock; the owner's pid stays 0 for this kind of lock.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct flock
    {
        public short l_type;
        public short l_whence;
        public long l_start;
        public long l_len;
        public int l_pid;
    }
}
