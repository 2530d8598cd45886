// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Starts processes that execute a launch program.</summary>
/// <remarks>
/// Each executes a <see cref="LaunchFile"/>, so no code of this process runs in a copy of it: works from any process with any
/// number of threads. Where namespaces are made or entered, the process that executes the file first bears the one that goes on.
/// </remarks>
internal static unsafe class Launcher
{
    private const ulong CLONE_PARENT = 0x8000;
    private const ulong CLONE_INTO_CGROUP = 0x2_0000_0000;

    /// <summary>Signals that stop or crash the receiver itself are not for forwarding.</summary>
    private const ulong NotForwarded =
        (1UL << (4 - 1)) | (1UL << (5 - 1)) | (1UL << (6 - 1)) | (1UL << (7 - 1)) | (1UL << (8 - 1))
        | (1UL << (11 - 1)) | (1UL << (21 - 1)) | (1UL << (22 - 1)) | (1UL << (31 - 1));

    /// <summary>Starts the program; returns as soon as the process exists, which is before its set-up is done.</summary>
    /// <param name="program">what the process does</param>
    /// <param name="flags">new namespaces</param>
    /// <param name="given">lent descriptors, in the order of <see cref="LaunchProgramBuilder.Given"/>; a null entry
    /// is a slot that holds a failure</param>
    /// <param name="cgroup">directory of a cgroup v2 to be born in, or null</param>
    /// <param name="inside">
    /// the pid namespace that the process is born in, or a pidfd of a process in it; null: ours
    /// </param>
    /// <param name="report">a file of <see cref="LaunchReportFile"/> in which others read how it ended, or null</param>
    /// <exception cref="LinuxException">clone3 or its preparation failed; nothing is left</exception>
    public static Launched Start(
        LaunchProgram program,
        CloneFlags flags,
        ReadOnlySpan<Fd?> given,
        Fd? cgroup = null,
        Fd? inside = null,
        Fd? report = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(given.Length, program.GivenCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(given.Length, LaunchProgramBuilder.MaxGiven);
        using Fd? own = report is null ? LaunchReportFile.InMemory() : null;
        var page = new LaunchReportPage(report ?? own!);
        try
        {
            (Fd ready, Fd held) = StatusPipe();
            try
            {
                bool isBorn = flags != CloneFlags.None || cgroup is not null || inside is not null;
                LaunchFrame frame = Frame(report ?? own!, held);
                if (isBorn)
                {
                    SetBirth(ref frame, flags, cgroup, inside);
                }

                int pid = Execute(program, frame, given);
                held.Dispose();
                return Follow(pid, isBorn, program.IsReborn, ready, page, flags);
            }
            catch
            {
                ready.Dispose();
                throw;
            }
            finally
            {
                held.Dispose();
            }
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    private static int Execute(LaunchProgram program, in LaunchFrame frame, ReadOnlySpan<Fd?> given)
    {
        var kept = new List<int>(given.Length + 4) { frame.ReportFd, frame.HeldFd };
        foreach (Fd? fd in given)
        {
            if (fd is not null)
            {
                kept.Add(fd.Raw);
            }
        }

        if (frame.InsideFd >= 0)
        {
            kept.Add(frame.InsideFd);
        }

        if ((frame.Birth.flags & CLONE_INTO_CGROUP) != 0)
        {
            kept.Add((int)frame.Birth.cgroup);
        }

        using Fd file = LaunchFile.Create(program, frame, given);
        return Spawn.StartKeeping(file, kept);
    }

    /// <summary>From the process that executed the file to the one that runs the program.</summary>
    private static Launched Follow(
        int pid, bool isBorn, bool isReborn, Fd ready, LaunchReportPage page, CloneFlags flags)
    {
        if (isBorn)
        {
            Spawn.Reap(pid);
            LaunchReport report = page.Read();
            pid = report.Born != 0 ? report.Born : throw Failure(report, flags);
        }

        Pidfd process = Open(pid);
        if (isReborn)
        {
            return Reborn(process, pid, ready, page);
        }

        return new Launched(pid, process, ready, page);
    }

    private static LinuxException Failure(LaunchReport report, CloneFlags flags) => report.Step == LaunchReport.EnteringPids
        ? new LinuxException((Errno)report.Error, "setns", "pid namespace")
        : new LinuxException(report.Error == 0 ? Errno.ESRCH : (Errno)report.Error, "clone3", flags.ToString());

    /// <summary>Waits until the first process has given way to its sibling; one that failed before is told by <see cref="Launched.Complete"/>.</summary>
    private static Launched Reborn(Pidfd first, int pid, Fd ready, LaunchReportPage page)
    {
        Poll.Wait([new PollEntry(first.Fd, EpollEvents.Readable)]);
        int sibling = page.Read().Reborn;
        if (sibling == 0)
        {
            return new Launched(pid, first, ready, page);
        }

        try
        {
            first.Wait();
            return new Launched(sibling, Open(sibling), ready, page);
        }
        finally
        {
            first.Dispose();
        }
    }

    // a child of ours cannot vanish before it is waited for, so opening it by number is safe
    private static Pidfd Open(int pid) =>
        Pidfd.TryOpen(pid) ?? throw new LinuxException(Errno.ESRCH, "pidfd_open", $"process {pid}");

    private static void SetBirth(ref LaunchFrame frame, CloneFlags flags, Fd? cgroup, Fd? inside)
    {
        frame.IsBorn = 1;
        frame.Birth.flags = (ulong)flags | CLONE_PARENT;
        frame.InsideFd = inside?.Raw ?? -1;
        if (cgroup is not null)
        {
            frame.Birth.flags |= CLONE_INTO_CGROUP;
            frame.Birth.cgroup = (ulong)cgroup.Raw;
        }
    }

    private static LaunchFrame Frame(Fd report, Fd held)
    {
        var frame = new LaunchFrame
        {
            ReportFd = report.Raw,
            HeldFd = held.Raw,
            InsideFd = -1,
            ReaperSignals = ~NotForwarded,
            ExitGroup = SystemCall.exit_group,
            Execve = SystemCall.execve,
            Clone = SystemCall.clone,
            Clone3 = SystemCall.clone3,
            SetNs = SystemCall.setns,
            MMap = SystemCall.mmap,
            Close = SystemCall.close,
            FCntl = SystemCall.fcntl,
            GetPid = SystemCall.getpid,
            SetPgid = SystemCall.setpgid,
            Ioctl = SystemCall.ioctl,
            CloseRange = SystemCall.close_range,
            SigProcMask = SystemCall.rt_sigprocmask,
            SigTimedWait = SystemCall.rt_sigtimedwait,
            Wait4 = SystemCall.wait4,
            Kill = SystemCall.kill,
            PrCtl = SystemCall.prctl,
        };
        "tare\0"u8.CopyTo(new Span<byte>(frame.Name, 16));
        "tare init\0"u8.CopyTo(new Span<byte>(frame.InitName, 16));
        return frame;
    }

    /// <summary>The write end moves out of the way of programs that place descriptors at low numbers, but not far: see <see cref="HighDescriptors"/>.</summary>
    private static (Fd Ready, Fd Held) StatusPipe()
    {
        const int O_CLOEXEC = 0x80000;
        const int FirstHigh = 32;
        int* ends = stackalloc int[2];
        Libc.Check(Libc.pipe2(ends, O_CLOEXEC), "pipe2");
        var ready = new Fd(ends[0]);
        using var low = new Fd(ends[1]);
        try
        {
            return (ready, new Fd(Libc.Check(Libc.fcntl(low.Raw, Libc.F_DUPFD_CLOEXEC, FirstHigh), "fcntl")));
        }
        catch
        {
            ready.Dispose();
            throw;
        }
    }
}
