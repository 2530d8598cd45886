// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>All cgroups of one parent, in every hierarchy: what is there, not what should be.</summary>
/// <param name="Parents">paths of the parent, in each hierarchy that has it</param>
/// <param name="Leaves">by name, the paths of the cgroups directly below it</param>
internal sealed record CgroupFamily(IReadOnlyList<string> Parents, IReadOnlyDictionary<string, List<string>> Leaves)
{
    public static CgroupFamily Find(CgroupHost host, string parent)
    {
        List<string> parents = [];
        Dictionary<string, List<string>> leaves = new(StringComparer.Ordinal);
        foreach (string path in host.Hierarchies.Select(hierarchy => hierarchy.PathOf(parent)))
        {
            if (HostPath.TryStatus(path) is null)
            {
                continue;
            }

            parents.Add(path);
            foreach (string child in CgroupDirectory.Children(path))
            {
                string name = child[(path.Length + 1)..];
                if (!leaves.TryGetValue(name, out List<string>? places))
                {
                    leaves.Add(name, places = []);
                }

                places.Add(child);
            }
        }

        return new(parents, leaves);
    }

    /// <summary>With one more, which stands elsewhere.</summary>
    public CgroupFamily With(string name, IReadOnlyList<string> paths)
    {
        Dictionary<string, List<string>> leaves = new(Leaves, StringComparer.Ordinal);
        leaves[name] = [.. (Leaves.GetValueOrDefault(name) ?? []).Union(paths)];
        return this with { Leaves = leaves };
    }

    /// <summary>The processes in and below one cgroup, by any of its hierarchies.</summary>
    public static HashSet<int> Processes(IEnumerable<string> paths) =>
        [.. paths.SelectMany(CgroupProcesses.List)];

    /// <summary>The processes that are in the parent itself, where none belongs.</summary>
    public HashSet<int> Strays()
    {
        HashSet<int> found = [];
        foreach (string path in Parents)
        {
            ReadOnlySpan<byte> text = CgroupFile.TryRead($"{path}/cgroup.procs");
            foreach (Range line in text.Split((byte)'\n'))
            {
                if (Utf8Parser.TryParse(text[line], out int process, out _) && process > 0)
                {
                    found.Add(process);
                }
            }
        }

        return found;
    }

    /// <summary>Removes the parents that have no cgroups below; never one of those.</summary>
    public void RemoveEmptyParents()
    {
        foreach (string path in Parents)
        {
            CgroupDirectory.TryRemoveEmpty(path);
        }
    }
}
