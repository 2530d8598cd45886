// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Stops all processes of a container where they are, and lets them go on.</summary>
/// <remarks>cgroup v2 cgroup.freeze, v1 freezer: no process notices. It needs no keeper.</remarks>
internal static class ContainerPause
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="TareException">Conflict: it does not run or is paused already; Unavailable: a process does not stop</exception>
    public static void Pause(TareEngine engine, ContainerRow row)
    {
        switch (StatusReader.Read(engine, row).Kind)
        {
            case ContainerStatusKind.Paused:
                throw new TareException(ErrorKind.Conflict, $"container {row.Id.Text} is already paused");
            case ContainerStatusKind.Running:
                break;
            default:
                throw LiveContainer.NotRunning(row);
        }

        Cgroup cgroup = ContainerSignal.CgroupOf(engine, row);
        if (!cgroup.Freeze(Patience))
        {
            cgroup.Thaw(TimeSpan.Zero);
            throw new TareException(
                ErrorKind.Unavailable, $"pause container {row.Name}: {StuckProcesses.Describe(cgroup)}");
        }
    }

    /// <exception cref="TareException">Conflict: it is not paused</exception>
    public static void Unpause(TareEngine engine, ContainerRow row)
    {
        if (StatusReader.Read(engine, row).Kind != ContainerStatusKind.Paused)
        {
            throw new TareException(ErrorKind.Conflict, $"container {row.Id.Text} is not paused");
        }

        ContainerSignal.CgroupOf(engine, row).Thaw(Patience);
    }
}
