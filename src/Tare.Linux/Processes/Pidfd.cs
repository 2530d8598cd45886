// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>A process that cannot be confused with a later one of the same number.</summary>
/// <remarks>man pidfd_open(2). Becomes readable for poll when the process ends.</remarks>
internal sealed class Pidfd : IDisposable
{
    internal Pidfd(Fd fd) => Fd = fd;

    public Fd Fd { get; }

    /// <summary>Null when there is no such process.</summary>
    public static Pidfd? TryOpen(int pid)
    {
        nint fd = Libc.syscall(SystemCall.pidfd_open, pid, 0, 0, 0, 0, 0);
        if (fd < 0 && Libc.LastErrno is Errno.ESRCH or Errno.EINVAL)
        {
            return null;
        }

        return new Pidfd(new Fd((int)Libc.Check(fd, "pidfd_open", $"process {pid}")));
    }

    /// <summary>False when the process has ended.</summary>
    public bool TrySend(int signal)
    {
        nint result = Libc.syscall(SystemCall.pidfd_send_signal, Fd.Raw, signal, 0, 0, 0, 0);
        if (result < 0 && Libc.LastErrno == Errno.ESRCH)
        {
            return false;
        }

        Libc.Check(result, "pidfd_send_signal", $"signal {signal}");
        return true;
    }

    /// <summary>A copy of one of its descriptors, for which this process must be able to trace it. The caller owns it.</summary>
    /// <param name="number">in that process</param>
    /// <exception cref="LinuxException">EBADF: it has none of this number; EPERM</exception>
    /// <remarks>man pidfd_getfd(2)</remarks>
    public Fd TakeDescriptor(int number) =>
        new((int)Libc.Check(Libc.syscall(SystemCall.pidfd_getfd, Fd.Raw, number, 0, 0, 0, 0), "pidfd_getfd"));

    /// <summary>Waits until this child of ours has ended, and reaps it.</summary>
    public ExitStatus Wait() => Wait(0) ?? throw new LinuxException(Errno.ECHILD, "waitid");

    /// <summary>Reaps this child of ours if it has ended; null while it runs.</summary>
    public ExitStatus? TryWait() => Wait(Libc.WNOHANG);

    /// <summary>How a process ended that is somebody else's child; null while it runs and until it has been reaped.</summary>
    /// <remarks>Linux 6.15 (PIDFD_INFO_EXIT); older kernels always answer null.</remarks>
    public unsafe ExitStatus? TryReadExit()
    {
        Libc.pidfd_info info = new() { mask = Libc.PIDFD_INFO_EXIT };
        bool known = Libc.ioctl(Fd.Raw, Libc.PIDFD_GET_INFO, (nint)(&info)) == 0
            && (info.mask & Libc.PIDFD_INFO_EXIT) != 0;
        return known ? ExitStatus.OfWaitStatus(info.exit_code) : null;
    }

    public void Dispose() => Fd.Dispose();

    private unsafe ExitStatus? Wait(int options)
    {
        var info = default(Libc.siginfo_t);
        while (Libc.waitid(Libc.P_PIDFD, Fd.Raw, &info, Libc.WEXITED | options) < 0)
        {
            if (Libc.LastErrno != Errno.EINTR)
            {
                throw new LinuxException(Libc.LastErrno, "waitid");
            }
        }

        return info.si_code switch
        {
            0 => null,
            Libc.CLD_EXITED => new ExitStatus(info.si_status, 0, false),
            _ => new ExitStatus(0, info.si_status, info.si_code == Libc.CLD_DUMPED),
        };
    }
}
