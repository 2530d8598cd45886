// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Check;

/// <summary>Which containers run, which ended without being recorded, and who keeps them: all that the check needs to know
/// about states, in one place.</summary>
/// <param name="Running">those that run</param>
/// <param name="Unsettled">ended, and their records do not say so</param>
/// <param name="Keepers">the processes that keep a container of this run folder</param>
internal sealed record RunningContainers(
    IReadOnlyList<RunningContainer> Running, IReadOnlySet<ContainerId> Unsettled, IReadOnlySet<int> Keepers)
{
    private const int KeeperOffset = 8;
    private const int MaxState = 4096;

    public static RunningContainers Read(TareEngine engine, IEnumerable<ContainerRow> rows)
    {
        List<RunningContainer> running = [];
        HashSet<ContainerId> unsettled = [];
        foreach (ContainerRow row in rows)
        {
            if (TryFind(engine, row) is { } found)
            {
                running.Add(found);
            }
            else if (IsUnsettled(engine, row))
            {
                unsettled.Add(row.Id);
            }
        }

        return new(running, unsettled, ReadKeepers(engine));
    }

    /// <summary>The container if it runs now, else null.</summary>
    public static RunningContainer? TryFind(TareEngine engine, ContainerRow row) =>
        StatusReader.Read(engine, row) is { Kind: ContainerStatusKind.Running } status ? new(row.Id, status.Pid) : null;

    /// <summary>True when a container does not run and its record does not know that it ended.</summary>
    public static bool IsUnsettled(TareEngine engine, ContainerRow row) =>
        row.Outcome is null && StatusReader.Read(engine, row).Kind is ContainerStatusKind.Exited or ContainerStatusKind.Dead;

    /// <summary>True when a container that does not run may have a folder in the run folder.</summary>
    public static bool KeepsRunFolder(ContainerRow row) => row.Outcome is not null;

    private static HashSet<int> ReadKeepers(TareEngine engine)
    {
        HashSet<int> keepers = [];
        foreach (byte[] name in engine.Folders.Live.SortedNames(int.MaxValue))
        {
            using Fd? folder = engine.Folders.Live.TryOpen(name, OpenFlags.Path);
            using Fd? state = folder is null || !folder.Status().IsDirectory
                ? null
                : folder.TryOpen("state"u8, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
            if (state?.ReadAll(MaxState) is { Length: >= KeeperOffset + sizeof(int) } bytes)
            {
                keepers.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(KeeperOffset)));
            }
        }

        return keepers;
    }
}
