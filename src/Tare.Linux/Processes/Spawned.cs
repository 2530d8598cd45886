// SPDX-License-Identifier: Apache-2.0
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

    public void Dispose() => Pidfd.Dispose();
}
