// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>In no mount namespace of the machine, but those of running containers, is anything of this store mounted.</summary>
/// <remarks>
/// A namespace whose root is a container's is the rest of that container, kept by processes that left its cgroup: they
/// are killed. Other mounts are taken off where they are.
/// </remarks>
internal sealed class MountLeftovers(TareEngine engine) : IConcern
{
    private const int MaxNamed = 5;

    public string Name => "mounts";

    public IEnumerable<Finding> Look(Inventory now) =>
        Find(now).GroupBy(static leak => leak.Subject).Select(static leaks => leaks.First().ToFinding());

    public void Repair(IReadOnlyList<Finding> findings)
    {
        HashSet<string> named = [.. findings.Select(static finding => finding.Subject)];
        List<MountLeak> leaks = [.. Find(Inventory.Take(engine)).Where(leak => named.Contains(leak.Subject))];

        // what is mounted later stands on what is mounted earlier
        for (int i = leaks.Count - 1; i >= 0; i--)
        {
            if (leaks[i].Mount is { } mount)
            {
                ForeignNamespace.TryDetach(leaks[i].Viewer.Process, leaks[i].Viewer.Thread, mount);
            }
            else
            {
                Kill(leaks[i]);
            }
        }
    }

    private List<MountLeak> Find(Inventory now)
    {
        List<MountLeak> leaks = [];
        IReadOnlyList<MountEntry> own = MountTable.Read();
        var places = new StorePlaces(engine.Folders, now.VolumeNames, own, now.StoreId is { } id ? EngineFolders.MarkOf(id) : null);
        foreach (MountNamespace space in MountNamespace.All(now.ContainerProcesses))
        {
            IReadOnlyList<MountEntry> mounts = space.IsOurs ? own : space.TryRead() ?? [];
            List<(MountEntry Mount, string Relation)> found = [.. mounts
                .Select(mount => (Mount: mount, Relation: places.Relation(mount)!))
                .Where(static pair => pair.Relation is not null)];
            bool isContainer = found.Exists(static pair => pair.Mount.MountPoint is [(byte)'/']) && !space.IsOurs;
            if (isContainer)
            {
                leaks.Add(new(space, null, $"the file system of a container that does not run, kept by {Describe(space)}"));
                continue;
            }

            leaks.AddRange(found.Select(pair => new MountLeak(space, pair.Mount, $"{pair.Relation}, seen by {Describe(space)}")));
        }

        return leaks;
    }

    private void Kill(MountLeak leak)
    {
        foreach (int process in leak.Space.Viewers.Select(static viewer => viewer.Process).Distinct())
        {
            Leftover.Kill(process, () => ProcessTable.TryNamespace(process, process, "mnt") == leak.Space.Id
                && !Inventory.Take(engine).ContainerProcesses.Contains(process));
        }
    }

    private static string Describe(MountNamespace space)
    {
        if (space.IsOurs)
        {
            return "everybody";
        }

        int[] processes = [.. space.Viewers.Select(static viewer => viewer.Process).Distinct()];
        string named = string.Join(", ", processes.Take(MaxNamed).Select(
            static process => FormattableString.Invariant($"{process} ({ProcessTable.TryName(process)})")));
        return processes.Length > MaxNamed ? $"processes {named} and {processes.Length - MaxNamed} more" : $"process {named}";
    }

    /// <summary>A mount that does not belong; without one, a whole namespace that does not.</summary>
    private sealed record MountLeak(MountNamespace Space, MountEntry? Mount, string Text)
    {
        public string Subject => Mount is null
            ? FormattableString.Invariant($"mnt:[{Space.Id}]")
            : FormattableString.Invariant($"{Encoding.UTF8.GetString(Mount.MountPoint)} in mnt:[{Space.Id}]");

        public (int Process, int Thread) Viewer => Space.Viewers[0];

        public Finding ToFinding() =>
            new(Mount?.Type == "nsfs" ? "netns" : "mount", Subject, Text, Repairable: true);
    }
}
