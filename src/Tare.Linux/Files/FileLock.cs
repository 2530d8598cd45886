// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A lock on a whole file, held until Dispose or the death of the process.</summary>
/// <remarks>
/// man flock(2): bound to the open file description, so children that inherit or duplicate the descriptor hold it too;
/// the description is opened here for the lock alone. Between processes and between threads alike. It is let go, not only
/// closed: a child that another thread forked a moment ago has the descriptor until its execve.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly Fd _file;

    private FileLock(Fd file) => _file = file;

    /// <summary>Waits until it has the lock. The file is made when missing (0600) and never removed.</summary>
    public static FileLock Take(Fd directory, ReadOnlySpan<byte> name, bool shared = false) =>
        TryTake(directory, name, shared, 0)!;

    /// <summary>Null when somebody else holds it in a way that excludes us.</summary>
    public static FileLock? TryTake(Fd directory, ReadOnlySpan<byte> name, bool shared = false) =>
        TryTake(directory, name, shared, Libc.LOCK_NB);

    /// <summary>Waits for a lock on an open file or directory, which stays the caller's own descriptor.</summary>
    public static FileLock Take(Fd file, bool shared = false)
    {
        Fd own = file.Reopen(OpenFlags.ReadOnly);
        return Lock(own, shared, 0) ? new FileLock(own) : throw new LinuxException(Errno.EAGAIN, "flock");
    }

    /// <summary>As <see cref="Take(Fd, bool)"/>; null when somebody else holds it.</summary>
    public static FileLock? TryTake(Fd file)
    {
        Fd own = file.Reopen(OpenFlags.ReadOnly);
        if (Lock(own, shared: false, Libc.LOCK_NB))
        {
            return new FileLock(own);
        }

        own.Dispose();
        return null;
    }

    /// <summary>False when the locked file was removed or replaced since: such a lock excludes nobody.</summary>
    public bool IsStillNamed(Fd directory, ReadOnlySpan<byte> name) =>
        directory.TryStatus(name) is { } named && named.SameFile(_file.Status());

    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _ = Libc.flock(_file.Raw, Libc.LOCK_UN);
            _file.Dispose();
        }
    }

    private static FileLock? TryTake(Fd directory, ReadOnlySpan<byte> name, bool shared, int flags)
    {
        Fd file = directory.Open(name, OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000);
        if (Lock(file, shared, flags))
        {
            return new FileLock(file);
        }

        file.Dispose();
        return null;
    }

    private static bool Lock(Fd file, bool shared, int flags)
    {
        int operation = (shared ? Libc.LOCK_SH : Libc.LOCK_EX) | flags;
        while (Libc.flock(file.Raw, operation) != 0)
        {
            switch (Libc.LastErrno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN when flags != 0:
                    return false;
                default:
                    Errno errno = Libc.LastErrno;
                    file.Dispose();
                    throw new LinuxException(errno, "flock");
            }
        }

        return true;
    }
}
