// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Check;

/// <summary>Which containers run, which ended without being recorded, and who keeps them: all that the check needs to know
/// about states, in one place.</summary>
/// <param name="Running">those that run</param>
/// <param name="Unsettled">ended or never came to run, and their records do not say so</param>
/// <param name="Keepers">the processes that keep a container of this run folder</param>
internal sealed record RunningContainers(
    IReadOnlyList<RunningContainer> Running, IReadOnlySet<ContainerId> Unsettled, IReadOnlySet<int> Keepers)
{
    public static RunningContainers Read(TareEngine engine, IEnumerable<ContainerRow> rows)
    {
        List<RunningContainer> running = [];
        HashSet<ContainerId> unsettled = [];
        var reader = new StatusReader(engine);
        foreach (ContainerRow row in rows)
        {
            ContainerStatus status = reader.Read(row);
            if (status.IsLive)
            {
                running.Add(new(row.Id, status.Pid, IsKept: !status.IsUnkept));
            }
            else if (row.Started is not null)
            {
                unsettled.Add(row.Id);
            }
        }

        return new(running, unsettled, ReadKeepers(engine));
    }

    /// <summary>True when the container has processes now.</summary>
    public static bool IsRunning(TareEngine engine, ContainerRow row) => StatusReader.Read(engine, row).IsLive;

    private static HashSet<int> ReadKeepers(TareEngine engine)
    {
        HashSet<int> keepers = [];
        foreach (byte[] name in engine.Folders.Live.SortedNames(int.MaxValue))
        {
            // a symbolic link or a file of somebody else is a finding of its own
            using Fd? folder = engine.Folders.Live.TryStatus(name) is { IsDirectory: true }
                ? engine.Folders.Live.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.Directory)
                : null;
            if (folder is not null && KeeperClient.TryReadState(folder) is { IsKept: true } found)
            {
                keepers.Add(found.State.Keeper);
            }
        }

        return keepers;
    }
}
