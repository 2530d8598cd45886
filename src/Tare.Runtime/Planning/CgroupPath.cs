// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Planning;

/// <summary>Where a container's cgroup is, below the root of each hierarchy.</summary>
/// <remarks>
/// runtime-spec v1.3 config-linux.md#cgroups-path. A relative path begins at the root too, as in crun. The form
/// <c>slice:prefix:name</c>, which is meant for systemd, names the directories that systemd would make:
/// <c>a-b.slice:docker:x</c> is a.slice/a-b.slice/docker-x.scope.
/// </remarks>
internal static class CgroupPath
{
    private const string Slice = ".slice";

    /// <param name="path">of the spec, or null for the runtime's choice</param>
    /// <param name="id">of the container: the choice</param>
    /// <returns>clean components with slashes between; for <c>CgroupHost.CreateAt</c></returns>
    /// <exception cref="TareException">InvalidArgument: the path leaves the hierarchy or is its root</exception>
    public static string Of(string? path, string id)
    {
        string wanted = string.IsNullOrEmpty(path) ? id : path;
        string[] parts = wanted.Split(':');
        List<string> names = parts.Length == 3 && !wanted.StartsWith('/') ? OfUnit(parts) : OfDirectories(wanted);
        if (names.Count == 0)
        {
            throw Invalid(wanted);
        }

        return string.Join('/', names);
    }

    private static List<string> OfDirectories(string path)
    {
        List<string> names = [];
        foreach (string name in path.Split('/'))
        {
            if (name is "" or ".")
            {
                continue;
            }

            names.Add(Checked(name, path));
        }

        return names;
    }

    private static List<string> OfUnit(string[] parts)
    {
        (string slice, string prefix, string name) = (parts[0], parts[1], parts[2]);
        string whole = string.Join(':', parts);
        List<string> names = [];
        string stem = slice.Length == 0 ? "system" : slice;
        if (slice.Length > 0 && !slice.EndsWith(Slice, StringComparison.Ordinal))
        {
            throw Invalid(whole);
        }

        stem = stem.EndsWith(Slice, StringComparison.Ordinal) ? stem[..^Slice.Length] : stem;
        for (int dash = stem.IndexOf('-', StringComparison.Ordinal); stem != "-"; dash = stem.IndexOf('-', dash + 1))
        {
            names.Add(Checked((dash < 0 ? stem : stem[..dash]) + Slice, whole));
            if (dash < 0)
            {
                break;
            }
        }

        string unit = name.EndsWith(Slice, StringComparison.Ordinal) ? name
            : prefix.Length == 0 ? $"{name}.scope" : $"{prefix}-{name}.scope";
        names.Add(Checked(unit, whole));
        return names;
    }

    private static string Checked(string name, string path)
    {
        const int MaxName = 255;
        bool isName = name is not (".." or ".") && name.Length <= MaxName && name[0] != '.'
            && !name.AsSpan().ContainsAny('/', '\0', '\n');
        return isName ? name : throw Invalid(path);
    }

    private static TareException Invalid(string path) =>
        new(ErrorKind.InvalidArgument, $"cgroupsPath '{path}' is no path of a cgroup");
}
