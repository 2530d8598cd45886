// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Removes what a container has: processes, cgroups, folder.</summary>
/// <remarks>runtime-spec v1.3 runtime.md#delete</remarks>
internal static class OciDelete
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Removes a container that has stopped, or was never started; with force also one that runs.</summary>
    /// <param name="container">opened to change it</param>
    /// <param name="force">kill what runs</param>
    /// <returns>what went wrong without consequence: hooks after the stop</returns>
    /// <exception cref="TareException">FailedPrecondition: it runs; Unavailable: its processes do not end</exception>
    public static IReadOnlyList<string> Delete(OciContainer container, bool force)
    {
        OciStatus status = container.Status();
        if (status is not (OciStatus.Stopped or OciStatus.Created) && !force)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                $"cannot delete container {container.Record.Id} that is not stopped: {OciText.Of(status)}",
                "delete --force");
        }

        RemoveCgroup(container.Cgroup);
        if (!End(container.Init))
        {
            throw new TareException(ErrorKind.Unavailable, $"container {container.Record.Id}: its first process does not end");
        }

        IReadOnlyList<Hook>? after = container.Record.HasLateHooks ? container.TrySpec()?.Hooks?.Poststop : null;
        container.Folder.Remove();
        return after is null ? [] : [.. OciHooks.RunAll(after, "poststop", () => container.State(OciStatus.Stopped))];
    }

    /// <summary>With all that runs in it.</summary>
    /// <exception cref="TareException">Unavailable: something in it does not end</exception>
    public static void RemoveCgroup(Cgroup cgroup)
    {
        if (cgroup.RemoveUnused())
        {
            return;
        }

        if (cgroup.HasProcesses())
        {
            cgroup.Kill();
            if (cgroup.IsFrozen)
            {
                cgroup.Thaw(TimeSpan.Zero);
            }
        }

        if (!cgroup.Remove(Patience))
        {
            throw new TareException(
                ErrorKind.Unavailable, $"cgroup {cgroup.Paths[0]}: a process in it does not end", "it may be stuck in the kernel: ps -eo pid,stat,wchan");
        }
    }

    /// <summary>Kills a first process, if it is there, and waits: it outlives its cgroup where that was somebody else's or is gone.</summary>
    /// <returns>false when it does not end</returns>
    public static bool End(ProcessIdentity init)
    {
        using Pidfd? process = init.IsAlive ? init.TryOpen() : null;
        if (process is null)
        {
            return true;
        }

        process.TrySend(Signals.Kill);
        return Poll.Wait([new(process.Fd, EpollEvents.Readable)], Patience);
    }
}
