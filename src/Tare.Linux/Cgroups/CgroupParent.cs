// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>The cgroup that somebody wants above those of containers.</summary>
/// <remarks>As docker with its driver <c>cgroupfs</c> takes it: <c>user.slice</c> is a name like others.</remarks>
/// <param name="Names">clean components; none: where it begins itself</param>
/// <param name="IsRelative">it begins at the cgroup of the process that starts a container, not at the root</param>
internal sealed record CgroupParent(IReadOnlyList<string> Names, bool IsRelative)
{
    /// <summary>As far below as a container itself still fits, wherever the process is.</summary>
    private const int MaxDepth = CgroupBranch.MaxDepth / 2;

    private const int MaxBytes = 2048;

    /// <summary>As <c>cgroupsPath</c> of a runtime spec, for a cgroup of this name below.</summary>
    public string PathOf(string name) => (IsRelative ? "" : "/") + string.Join('/', [.. Names, name]);

    /// <returns>null, or why it is none</returns>
    public static string? TryRead(string text, out CgroupParent? parent)
    {
        parent = null;
        if (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > MaxBytes || text.Any(char.IsControl))
        {
            return "want the path of a cgroup such as \"/tenants/a\"";
        }

        List<string> names = [];
        foreach (string name in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".." && names.Count == 0)
            {
                return "it leads out of the tree of cgroups";
            }

            if (name == "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        if (names.Count > MaxDepth || names.Exists(static name => Encoding.UTF8.GetByteCount(name) > FileName.MaxBytes))
        {
            return $"want at most {MaxDepth} names of at most {FileName.MaxBytes} bytes";
        }

        parent = new(names, IsRelative: text[0] != '/');
        return null;
    }
}
