// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups.Usage;

/// <summary>Bytes of huge pages, of each size that the machine has.</summary>
/// <remarks>kernel admin-guide/cgroup-v1/hugetlb.rst; where reservations are counted (Linux 5.7) those, as runc does</remarks>
internal static class HugepageUsage
{
    private const string Prefix = "hugetlb.";
    private const string V1 = ".usage_in_bytes";
    private const string Unified = ".current";

    internal static IReadOnlyList<KeyValuePair<string, MemoryCounter>> Read(Cgroup cgroup)
    {
        foreach (string directory in cgroup.Paths)
        {
            List<KeyValuePair<string, MemoryCounter>> found = [];
            foreach (string name in Names(directory))
            {
                bool isV1 = name.EndsWith(V1, StringComparison.Ordinal);
                string size = name[Prefix.Length..^(isV1 ? V1 : Unified).Length];
                if (!size.Contains('.', StringComparison.Ordinal))
                {
                    found.Add(new(size, isV1 ? ReadV1(directory, size) : ReadUnified(directory, size)));
                }
            }

            if (found.Count > 0)
            {
                found.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
                return found;
            }
        }

        return [];
    }

    private static List<string> Names(string directory)
    {
        List<string> names = [];
        using Fd? opened = HostPath.TryOpen(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened is null)
        {
            return names;
        }

        foreach (Entry entry in opened.Entries())
        {
            string name = Encoding.UTF8.GetString(entry.Name);
            if (name.StartsWith(Prefix, StringComparison.Ordinal)
                && (name.EndsWith(V1, StringComparison.Ordinal) || name.EndsWith(Unified, StringComparison.Ordinal)))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static MemoryCounter ReadV1(string directory, string size) =>
        MemoryCounter.Read(directory, LimitFile.Exists(directory, $"{Prefix}{size}.rsvd{V1}") ? $"{Prefix}{size}.rsvd" : $"{Prefix}{size}");

    private static MemoryCounter ReadUnified(string directory, string size)
    {
        string kind = LimitFile.Exists(directory, $"{Prefix}{size}.rsvd{Unified}") ? $"{Prefix}{size}.rsvd" : $"{Prefix}{size}";
        return new(
            UsageFile.Number(directory, $"{kind}.max"),
            UsageFile.Number(directory, $"{kind}{Unified}"),
            0,
            UsageFile.Key(UsageFile.Table(directory, $"{Prefix}{size}.events"), "max"));
    }
}
