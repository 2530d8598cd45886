// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Mounts;
using Tare.Linux.Processes;

namespace Tare.Engine.Check;

/// <summary>A mount namespace and who is in it.</summary>
/// <param name="Id">the inode that names it</param>
/// <param name="IsOurs">this process is in it</param>
/// <param name="Viewers">threads in it; of our own namespace only this one</param>
internal sealed record MountNamespace(ulong Id, bool IsOurs, IReadOnlyList<(int Process, int Thread)> Viewers)
{
    /// <summary>Those of the machine, but not those that a process of <paramref name="containers"/> is in; always our own.</summary>
    /// <remarks>Threads are asked one by one: each may have a namespace of its own.</remarks>
    public static IEnumerable<MountNamespace> All(IReadOnlySet<int> containers)
    {
        (int Process, int Thread) self = ProcessTable.Self();
        ulong? own = ProcessTable.TryNamespace(self.Process, self.Thread, "mnt");
        Dictionary<ulong, List<(int Process, int Thread)>> found = [];
        HashSet<ulong> owned = [];
        foreach (int process in ProcessTable.All())
        {
            foreach (int thread in ProcessTable.TryThreads(process) ?? [])
            {
                if (ProcessTable.TryNamespace(process, thread, "mnt") is { } id && id != own)
                {
                    bool isContainer = containers.Contains(process);
                    _ = isContainer ? owned.Add(id) : Add(found, id, (process, thread));
                }
            }
        }

        IEnumerable<MountNamespace> others = found
            .Where(space => !owned.Contains(space.Key))
            .OrderBy(static space => space.Key)
            .Select(static space => new MountNamespace(space.Key, false, space.Value));
        return own is { } ours ? others.Prepend(new(ours, true, [self])) : others;
    }

    /// <summary>The mounts, as the first viewer that still lives sees them; null when all are gone.</summary>
    public IReadOnlyList<MountEntry>? TryRead() =>
        Viewers.Select(static viewer => MountTable.TryRead(viewer.Process, viewer.Thread)).FirstOrDefault(static mounts => mounts is not null);

    private static bool Add(
        Dictionary<ulong, List<(int Process, int Thread)>> found, ulong id, (int Process, int Thread) viewer)
    {
        if (!found.TryGetValue(id, out List<(int Process, int Thread)>? viewers))
        {
            found.Add(id, viewers = []);
        }

        viewers.Add(viewer);
        return true;
    }
}
