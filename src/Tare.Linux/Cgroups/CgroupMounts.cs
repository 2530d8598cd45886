// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Linux.Cgroups;

/// <summary>Finds the cgroup hierarchies in the text of /proc/self/mountinfo.</summary>
/// <remarks>man proc_pid_mountinfo(5). A later mount on the same place, or above it, hides an earlier one.</remarks>
internal static class CgroupMounts
{
    private const int RootField = 3;
    private const int MountPointField = 4;

    /// <summary>The unified hierarchy first, then v1 in the order of the text; each hierarchy once.</summary>
    internal static List<CgroupHierarchy> Parse(ReadOnlySpan<byte> mountInfo)
    {
        List<CgroupHierarchy> found = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Range range in mountInfo.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = mountInfo[range];
            int separator = line.IndexOf(" - "u8);
            if (separator < 0)
            {
                continue;
            }

            string mountPoint = Unescape(Field(line, MountPointField));
            int hidden = found.RemoveAll(earlier => Covers(mountPoint, earlier.MountPoint));
            if (hidden > 0)
            {
                seen.RemoveWhere(key => !found.Exists(hierarchy => Key(hierarchy) == key));
            }

            if (ParseType(line[(separator + 3)..], mountPoint) is { } hierarchy && seen.Add(Key(hierarchy)))
            {
                ReadOnlySpan<byte> root = Field(line, RootField);
                found.Insert(
                    hierarchy.IsUnified ? 0 : found.Count,
                    root.SequenceEqual("/"u8) ? hierarchy : hierarchy with { Root = Unescape(root) });
            }
        }

        return found;
    }

    private static CgroupHierarchy? ParseType(ReadOnlySpan<byte> afterSeparator, string mountPoint)
    {
        ReadOnlySpan<byte> type = Field(afterSeparator, 0);
        if (type.SequenceEqual("cgroup2"u8))
        {
            return new(mountPoint, CgroupControllers.None, IsUnified: true);
        }

        return type.SequenceEqual("cgroup"u8) ? V1(mountPoint, Field(afterSeparator, 2)) : null;
    }

    private static CgroupHierarchy V1(string mountPoint, ReadOnlySpan<byte> superOptions)
    {
        List<string> options = [];
        CgroupControllers controllers = CgroupControllers.None;
        foreach (Range part in superOptions.Split((byte)','))
        {
            ReadOnlySpan<byte> option = superOptions[part];
            CgroupControllers controller = CgroupControllerNames.Parse(option);
            controllers |= controller;
            if (option.StartsWith("name="u8))
            {
                options.Add("none");
            }

            if (controller != CgroupControllers.None || option.StartsWith("name="u8))
            {
                options.Add(Encoding.UTF8.GetString(option));
            }
        }

        return new(mountPoint, controllers, IsUnified: false, string.Join(',', options));
    }

    /// <summary>Two mounts of the same controllers, or of the same name, are one hierarchy.</summary>
    private static string Key(CgroupHierarchy hierarchy) => hierarchy.IsUnified ? "unified" : hierarchy.Options;

    private static bool Covers(string mountPoint, string earlier) =>
        earlier.StartsWith(mountPoint, StringComparison.Ordinal)
        && (earlier.Length == mountPoint.Length || earlier[mountPoint.Length] == '/');

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            line = line[(line.IndexOf((byte)' ') + 1)..];
        }

        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    /// <summary>Space, tab, line feed and backslash stand as <c>\040</c> and so on.</summary>
    private static string Unescape(ReadOnlySpan<byte> field)
    {
        if (!field.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(field);
        }

        byte[] plain = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            bool isEscape = field[i] == '\\' && i + 3 < field.Length;
            plain[length++] = isEscape
                ? (byte)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0'))
                : field[i];
            i += isEscape ? 3 : 0;
        }

        return Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }
}
