// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Writes files of the unified hierarchy by their own names.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#unified</remarks>
internal static class UnifiedFiles
{
    /// <summary>Files of every cgroup that act on processes, which is not what a limit does.</summary>
    private static readonly HashSet<string> Acting =
        new(["cgroup.procs", "cgroup.threads", "cgroup.kill", "cgroup.freeze"], StringComparer.Ordinal);

    /// <summary>The controllers that these files belong to.</summary>
    internal static CgroupControllers Controllers(IReadOnlyList<KeyValuePair<string, string>>? files)
    {
        CgroupControllers needed = CgroupControllers.None;
        foreach ((string name, _) in files ?? [])
        {
            needed |= CgroupControllerNames.Parse(Encoding.UTF8.GetBytes(Prefix(name)));
        }

        return needed;
    }

    /// <exception cref="LinuxException">EOPNOTSUPP: the machine has no such controller or file; EINVAL: no such name</exception>
    internal static void Write(
        IReadOnlyList<KeyValuePair<string, string>> files, string directory, CgroupControllers available)
    {
        foreach ((string name, string value) in files)
        {
            CgroupControllers controller = CgroupControllerNames.Parse(Encoding.UTF8.GetBytes(Prefix(name)));
            if (!FileName.IsValid(Encoding.UTF8.GetBytes(name)) || Acting.Contains(name) || Prefix(name).Length == 0)
            {
                throw new LinuxException(Errno.EINVAL, "cgroup", $"'{name}' is not the name of a limit");
            }

            if (controller != CgroupControllers.None && (available & controller) == 0)
            {
                throw new LinuxException(
                    Errno.EOPNOTSUPP, "cgroup", $"no {Prefix(name)} controller in the unified hierarchy");
            }

            // a file may take several lines, each in a write of its own
            foreach (string line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                LimitFile.Write(directory, name, line);
            }
        }
    }

    private static string Prefix(string name) => name[..Math.Max(0, name.IndexOf('.', StringComparison.Ordinal))];
}
