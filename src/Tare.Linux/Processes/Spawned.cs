// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>A child that <see cref="Spawn"/> started.</summary>
internal sealed class Spawned : IDisposable
{
    private Spawned(int pid, Pidfd pidfd)
    {
        Pid = pid;
        Pidfd = pidfd;
    }

    public int Pid { get; }

    public Pidfd Pidfd { get; }

    // a child cannot vanish before it is waited for, so opening it by number is safe
    internal static Spawned Of(int pid) =>
        new(pid, Pidfd.TryOpen(pid) ?? throw new LinuxException(Errno.ESRCH, "pidfd_open", $"process {pid}"));

    /// <summary>Signals the process and all of its children that are in its group still.</summary>
    /// <remarks>Only for one that was started with <see cref="SpawnOptions.NewSession"/>, and before it is waited for: until then its
    /// number is nobody else's.</remarks>
    public void KillSession(int signal)
    {
        if (Libc.syscall(SystemCall.kill, -Pid, signal, 0, 0, 0, 0) < 0 && Libc.LastErrno != Errno.ESRCH)
        {
            throw new LinuxException(Libc.LastErrno, "kill", $"process group {Pid}");
        }
    }

    public void Dispose() => Pidfd.Dispose();
}
