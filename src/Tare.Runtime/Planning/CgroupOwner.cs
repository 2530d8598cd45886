// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>Whose the cgroup of a container is.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#cgroup-ownership</remarks>
internal static class CgroupOwner
{
    private const string Place = "/sys/fs/cgroup";

    /// <summary>
    /// The user of the host who is the container's first user, where the container sees a cgroup v2 of its own that it
    /// may write to; null: it stays root's.
    /// </summary>
    /// <param name="spec">of the container</param>
    /// <param name="isUnifiedAlone">the host has cgroup v2 and no other</param>
    public static uint? Of(Spec spec, bool isUnifiedAlone)
    {
        if (!isUnifiedAlone || !HasNew(spec, NamespaceType.Cgroup) || !IsWritable(spec.Mounts))
        {
            return null;
        }

        uint user = spec.Process?.User?.Uid ?? 0;
        uint? host = HasNew(spec, NamespaceType.User) ? IdRanges.Find(spec.Linux!.UidMappings ?? [], user) : user;
        return host is 0 ? null : host;
    }

    private static bool HasNew(Spec spec, NamespaceType type) =>
        (spec.Linux?.Namespaces ?? []).Any(space => space.Type == type && space.Path is null);

    /// <summary>The last mount there is the one that is seen.</summary>
    private static bool IsWritable(IReadOnlyList<Mount>? mounts)
    {
        Mount? seen = (mounts ?? []).LastOrDefault(mount => mount.Destination.TrimEnd('/') == Place);
        return seen is { Type: "cgroup" or "cgroup2" }
            && (MountOptions.Parse(seen.Options).Flags.Set & Linux.Processes.ProgramConstants.MOUNT_ATTR_RDONLY) == 0;
    }
}
