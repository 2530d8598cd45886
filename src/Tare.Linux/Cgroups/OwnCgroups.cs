// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Where this process is in every hierarchy: /proc/self/cgroup.</summary>
/// <remarks>man cgroups(7): <c>4:memory:/path</c>, <c>1:name=systemd:/path</c>, <c>0::/path</c> of the unified one.</remarks>
internal sealed class OwnCgroups
{
    /// <summary>A path for each hierarchy that the kernel can have.</summary>
    private const int MaxBytes = 256 << 10;

    private readonly Dictionary<string, string> _paths;

    private OwnCgroups(Dictionary<string, string> paths) => _paths = paths;

    internal static OwnCgroups Read() => Parse(HostPath.ReadAll("/proc/self/cgroup", MaxBytes));

    internal static OwnCgroups Parse(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            if (line.Split(':', 3) is [_, var controllers, var path])
            {
                paths[controllers] = path;
            }
        }

        return new(paths);
    }

    /// <summary>The directories from the mount point down to it.</summary>
    /// <param name="hierarchy">where</param>
    /// <param name="isUnifiedAlone">
    /// then it is the one above: below a cgroup with processes there is nothing that could be limited; runc does the same
    /// </param>
    /// <exception cref="LinuxException">ENOENT: the mount does not show it</exception>
    internal IEnumerable<string> NamesIn(CgroupHierarchy hierarchy, bool isUnifiedAlone)
    {
        string key = hierarchy.IsUnified ? "" : hierarchy.Options.Replace("none,", "", StringComparison.Ordinal);
        string root = hierarchy.Root.TrimEnd('/');
        if (!_paths.TryGetValue(key, out string? path) || !path.StartsWith($"{root}/", StringComparison.Ordinal) && path != root)
        {
            throw Outside(hierarchy, path);
        }

        string[] names = path[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return names.Contains("..") ? throw Outside(hierarchy, path)
            : isUnifiedAlone ? names.SkipLast(1)
            : names;
    }

    private static LinuxException Outside(CgroupHierarchy hierarchy, string? path) =>
        new(Errno.ENOENT, "cgroup", $"this process is in {path ?? "none"}, which {hierarchy.MountPoint} does not show");
}
