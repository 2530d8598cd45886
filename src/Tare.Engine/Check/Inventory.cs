// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;

namespace Tare.Engine.Check;

/// <summary>What there is at one moment and who may own things: records, running containers, changes under way.</summary>
internal sealed class Inventory
{
    private const int MaxStoreId = 64;

    private Inventory(TareEngine engine, string? storeId)
    {
        Engine = engine;
        StoreId = storeId;
        Rows = engine.Containers.List().ToDictionary(static row => row.Id);
        States = RunningContainers.Read(engine, Rows.Values);
        Running = States.Running.Select(static container => container.Id).ToHashSet();
        Changing = ReadChanging(engine);
        VolumeNames = engine.Volumes.List().Select(static volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        Placed = CgroupPlaces.List(engine.Folders);
        Cgroups = WithPlaced(storeId is null ? new([], new Dictionary<string, List<string>>()) : ReadCgroups(storeId), Placed);
        ContainerProcesses = Cgroups.Leaves
            .Where(leaf => IsOwned(leaf.Key))
            .SelectMany(static leaf => CgroupFamily.Processes(leaf.Value.Take(1)))
            .Concat(States.Running.Select(static container => container.Pid))
            .ToHashSet();
    }

    public TareEngine Engine { get; }

    /// <summary>Null while the store has none: then it never had a cgroup at the usual place.</summary>
    public string? StoreId { get; }

    public IReadOnlyDictionary<ContainerId, ContainerRow> Rows { get; }

    public RunningContainers States { get; }

    public IReadOnlySet<ContainerId> Running { get; }

    /// <summary>The containers that living processes are changing.</summary>
    public IReadOnlySet<ContainerId> Changing { get; }

    public IReadOnlySet<string> VolumeNames { get; }

    /// <summary>What says where cgroups are that do not stand below the store's own; null for what cannot be read.</summary>
    public IReadOnlyList<(string Name, Cgroup? Cgroup)> Placed { get; }

    /// <summary>The cgroups of this store, wherever they are.</summary>
    public CgroupFamily Cgroups { get; }

    /// <summary>The processes of running and changing containers.</summary>
    public IReadOnlySet<int> ContainerProcesses { get; }

    public static Inventory Take(TareEngine engine) => new(engine, TryReadStoreId(engine.Folders));

    /// <summary>True when a container of this id runs, or somebody is at work on it.</summary>
    public bool IsOwned(ContainerId id) => Running.Contains(id) || Changing.Contains(id);

    /// <summary>As <see cref="IsOwned(ContainerId)"/>; false for what is no id.</summary>
    public bool IsOwned(string name) => ContainerId.TryParse(name, out ContainerId id) && IsOwned(id);

    /// <summary>The name below which the cgroups of this store stand.</summary>
    public static string CgroupParent(string storeId) => $"tare-{storeId}";

    /// <summary>Without making one; null too for a damaged one, which is a finding of its own.</summary>
    private static string? TryReadStoreId(EngineFolders folders) =>
        HostPath.TryReadAll($"{folders.Root}/id", MaxStoreId) is { } bytes && EngineDatabase.IsStoreId(bytes)
            ? Encoding.ASCII.GetString(bytes)
            : null;

    private static CgroupFamily ReadCgroups(string storeId) =>
        CgroupFamily.Find(CgroupHost.Detect(), CgroupParent(storeId));

    private static CgroupFamily WithPlaced(CgroupFamily usual, IReadOnlyList<(string Name, Cgroup? Cgroup)> placed)
    {
        foreach ((string name, Cgroup? cgroup) in placed)
        {
            if (cgroup is not null && CgroupPlaces.Existing(cgroup) is { Count: > 0 } paths)
            {
                usual = usual.With(name, paths);
            }
        }

        return usual;
    }

    private static HashSet<ContainerId> ReadChanging(TareEngine engine)
    {
        var locks = HeldLocks.Read();
        HashSet<ContainerId> changing = [];
        foreach (string name in Operation.List(engine.Folders))
        {
            if (ContainerId.TryParse(name, out ContainerId id) && locks.IsHeld(engine.Folders.Operations, Encoding.ASCII.GetBytes(name)))
            {
                changing.Add(id);
            }
        }

        return changing;
    }
}
