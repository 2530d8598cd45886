// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Stops all processes of a container where they are, and lets them go on.</summary>
/// <remarks>
/// cgroup v2 cgroup.freeze, v1 freezer: no process notices. It needs no keeper. A file in the run folder marks what may be
/// paused, from before it stops until it goes on; whether it is, the kernel tells.
/// </remarks>
internal static class ContainerPause
{
    public static ReadOnlySpan<byte> MarkName => "paused"u8;

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

        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        live?.Open(MarkName, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000).Dispose();
        Cgroup cgroup = ContainerCgroup.Of(engine, row.Id);
        if (!cgroup.Freeze(Patience))
        {
            cgroup.Thaw(TimeSpan.Zero);
            live?.TryUnlink(MarkName);
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

        ContainerCgroup.Of(engine, row.Id).Thaw(Patience);
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        live?.TryUnlink(MarkName);
    }
}
