// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Starting;

/// <summary>Looks at a user namespace that a container joins, for the maps that its spec leaves out.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#user-namespace-mappings: only a new namespace has them in the spec.</remarks>
internal static class JoinedUsers
{
    /// <summary>The spec with the maps of the namespace that it joins; unchanged when it joins none.</summary>
    /// <exception cref="TareException">InvalidArgument: there is none at its path, or it has other maps than the spec says</exception>
    public static Spec Complete(Spec spec)
    {
        for (int i = 0; i < spec.Linux?.Namespaces?.Count; i++)
        {
            if (spec.Linux.Namespaces[i] is { Type: NamespaceType.User, Path: { } path })
            {
                return With(spec, Read(path, $"linux.namespaces[{i}].path"));
            }
        }

        return spec;
    }

    /// <summary>As <see cref="Complete(Spec)"/>, for a container that runs: its path may lead elsewhere by now.</summary>
    /// <param name="spec">of the container</param>
    /// <param name="pid">its first process</param>
    public static Spec Complete(Spec spec, int pid) =>
        spec.Linux?.Namespaces?.Any(space => space is { Type: NamespaceType.User, Path: not null }) ?? false
            ? With(spec, UserNamespace.ReadMaps(pid))
            : spec;

    /// <summary>Lines of uid_map.</summary>
    internal static IReadOnlyList<IdMapping> Parse(ReadOnlySpan<byte> map)
    {
        List<IdMapping> ranges = [];
        foreach (string line in Encoding.ASCII.GetString(map).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            uint[] numbers = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => uint.Parse(word, CultureInfo.InvariantCulture))];
            ranges.Add(new(numbers[0], numbers[1], numbers[2]));
        }

        return ranges;
    }

    private static Spec With(Spec spec, (byte[] UidMap, byte[] GidMap) maps) => spec with
    {
        Linux = spec.Linux! with
        {
            UidMappings = Agreed(spec.Linux.UidMappings, maps.UidMap, "linux.uidMappings"),
            GidMappings = Agreed(spec.Linux.GidMappings, maps.GidMap, "linux.gidMappings"),
        },
    };

    private static IReadOnlyList<IdMapping> Agreed(IReadOnlyList<IdMapping>? said, byte[] map, string at)
    {
        IReadOnlyList<IdMapping> found = Parse(map);
        return said is null or { Count: 0 } || said.SequenceEqual(found)
            ? found
            : throw new TareException(
                ErrorKind.InvalidArgument, $"{at}: the user namespace that is joined has others", "leave them out");
    }

    private static (byte[] UidMap, byte[] GidMap) Read(string path, string at)
    {
        try
        {
            using Fd space = HostPath.Open(path, OpenFlags.ReadOnly);
            using Fd own = HostPath.Open("/proc/self/ns/user", OpenFlags.ReadOnly);
            return IsSame(space, own)
                ? throw new TareException(
                    ErrorKind.InvalidArgument, $"{at}: is the user namespace that this runtime is in", "leave it out of linux.namespaces")
                : UserNamespace.ReadMaps(space);
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{at}: {refused.Message}", null, refused);
        }
    }

    private static bool IsSame(Fd one, Fd other)
    {
        FileStatus left = one.Status();
        FileStatus right = other.Status();
        return left.Inode == right.Inode && left.FileSystem == right.FileSystem;
    }
}
