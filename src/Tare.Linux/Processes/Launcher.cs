// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Starts processes by executing launch programs between clone3 and execve.</summary>
/// <remarks>
/// Works from a process with any number of threads, at any moment of a garbage collection; how is told in
/// <see cref="PlainCall"/> and <see cref="LaunchChild"/>. Native code only: under the JIT the methods that the child
/// runs may not be compiled yet when it needs them, so such a process spawns the <c>tare</c> binary instead.
/// </remarks>
internal static unsafe class Launcher
{
    private const ulong CLONE_PIDFD = 0x1000;
    private const ulong CLONE_CLEAR_SIGHAND = 0x1_0000_0000;
    private const ulong CLONE_INTO_CGROUP = 0x2_0000_0000;
    private const ulong SIGCHLD = 17;

    /// <summary>Starts the program; returns as soon as the child exists, which is before its set-up is done.</summary>
    /// <param name="program">what the child does</param>
    /// <param name="flags">new namespaces</param>
    /// <param name="given">lent descriptors, in the order of <see cref="LaunchProgramBuilder.Given"/>; a null entry
    /// is a slot that holds a failure</param>
    /// <param name="cgroup">directory of a cgroup v2 to be born in, or null</param>
    /// <param name="inside">
    /// the pid namespace that the child is born in, or a pidfd of a process in it; null: ours
    /// </param>
    /// <param name="report">a file of <see cref="LaunchReportFile"/> in which others read how it ended, or null</param>
    /// <exception cref="NotSupportedException">this process runs under the JIT</exception>
    /// <exception cref="LinuxException">clone3 or its preparation failed; nothing is left</exception>
    public static Launched Start(
        LaunchProgram program,
        CloneFlags flags,
        ReadOnlySpan<Fd?> given,
        Fd? cgroup = null,
        Fd? inside = null,
        Fd? report = null)
    {
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new NotSupportedException("a process under the JIT never forks itself");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(given.Length, program.GivenCount);
        using var memory = new LaunchMemory(program, given);
        var page = new LaunchReportPage(report);
        try
        {
            memory.Frame->Report = page.Page;
            (Fd ready, Fd held) = StatusPipe();
            using (held)
            {
                int pidfd = -1;
                var args = new CloneArguments
                {
                    flags = (ulong)flags | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
                    pidfd = (ulong)&pidfd,
                    exit_signal = SIGCHLD,
                };
                if (cgroup is not null)
                {
                    args.flags |= CLONE_INTO_CGROUP;
                    args.cgroup = (ulong)cgroup.Raw;
                }

                using PidNamespaceVisit? visit = inside is null ? null : new PidNamespaceVisit(inside);
                nint pid = Clone(&args, memory.Frame, out Errno error);
                if (pid < 0)
                {
                    ready.Dispose();
                    throw new LinuxException(error, "clone3", flags.ToString());
                }

                var born = new Pidfd(new Fd(pidfd));
                return program.IsReborn ? Reborn(born, (int)pid, ready, page) : new Launched((int)pid, born, ready, page);
            }
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

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
            // a child of ours cannot vanish before it is waited for, so opening it by number is safe
            first.Wait();
            Pidfd second = Pidfd.TryOpen(sibling) ?? throw new LinuxException(Errno.ESRCH, "pidfd_open", $"process {sibling}");
            return new Launched(sibling, second, ready, page);
        }
        catch
        {
            ready.Dispose();
            throw;
        }
        finally
        {
            first.Dispose();
        }
    }

    /// <summary>All signals are blocked over the fork: no handler of the runtime may run in the child.</summary>
    private static nint Clone(CloneArguments* args, LaunchFrame* frame, out Errno error)
    {
        const int SIG_SETMASK = 2;
        int sigprocmask = SystemCall.rt_sigprocmask;
        int clone3 = SystemCall.clone3;
        ulong all = ~0UL;
        ulong before = 0;
        Libc.Check(Libc.syscall(sigprocmask, SIG_SETMASK, (nint)(&all), (nint)(&before), 8, 0, 0), "sigprocmask");
        nint pid = LaunchChild.Clone(args, frame, clone3);
        error = pid < 0 ? (Errno)(*PlainCall.errno_location()) : Errno.None;
        Libc.Check(Libc.syscall(sigprocmask, SIG_SETMASK, (nint)(&before), 0, 8, 0, 0), "sigprocmask");
        return pid;
    }

    /// <summary>The write end moves out of the way of programs that place descriptors at low numbers.</summary>
    private static (Fd Ready, Fd Held) StatusPipe()
    {
        const int O_CLOEXEC = 0x80000;
        const int FirstHigh = 200;
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
