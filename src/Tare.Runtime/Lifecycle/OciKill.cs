// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Runtime.Lifecycle;

/// <summary>Sends a signal to a container.</summary>
/// <remarks>runtime-spec v1.3 runtime.md#kill; the words of the refusal are read by containerd.</remarks>
internal static class OciKill
{
    /// <summary>To its first process, or to all.</summary>
    /// <exception cref="TareException">FailedPrecondition: it does not run</exception>
    public static void Send(OciContainer container, int signal, bool all)
    {
        if (all)
        {
            SendToAll(container.Cgroup, signal);
            return;
        }

        using Pidfd? init = container.Status() == OciStatus.Stopped ? null : container.Init.TryOpen();
        if (init is null || !init.TrySend(signal))
        {
            throw new TareException(ErrorKind.FailedPrecondition, "container not running");
        }

        if (signal == Signals.Kill && container.Cgroup.IsFrozen)
        {
            // v1 keeps even a killed process frozen
            container.Cgroup.Thaw(TimeSpan.Zero);
        }
    }

    private static void SendToAll(Cgroup cgroup, int signal)
    {
        if (signal == Signals.Kill)
        {
            cgroup.Kill();
            return;
        }

        foreach (int pid in cgroup.Processes())
        {
            using Pidfd? process = Pidfd.TryOpen(pid);
            process?.TrySend(signal);
        }
    }
}
