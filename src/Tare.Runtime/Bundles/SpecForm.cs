// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>Of two spellings that the specification allows for the same, one.</summary>
internal static class SpecForm
{
    public static Spec Of(Spec spec)
    {
        IReadOnlyList<Mount>? mounts = spec.Mounts?.Any(IsOther) ?? false ? [.. spec.Mounts.Select(One)] : spec.Mounts;
        LinuxSpec? linux = spec.Linux?.Namespaces?.Any(IsOther) ?? false
            ? spec.Linux with { Namespaces = [.. spec.Linux.Namespaces.Select(One)] }
            : spec.Linux;
        return ReferenceEquals(mounts, spec.Mounts) && ReferenceEquals(linux, spec.Linux)
            ? spec
            : spec with { Mounts = mounts, Linux = linux };
    }

    private static bool IsOther(Mount mount) => IsRelative(mount) || IsUntyped(mount);

    private static bool IsOther(Namespace space) => space.Path is "";

    private static Mount One(Mount mount) => mount with
    {
        Destination = IsRelative(mount) ? "/" + mount.Destination : mount.Destination,
        Type = IsUntyped(mount) ? "bind" : mount.Type,
    };

    private static Namespace One(Namespace space) => IsOther(space) ? space with { Path = null } : space;

    /// <summary>runtime-spec v1.3 config.md#mounts: a relative destination MUST be interpreted as relative to /.</summary>
    private static bool IsRelative(Mount mount) => mount.Destination is [not '/', ..];

    /// <summary>With the option bind or rbind the type is a dummy.</summary>
    private static bool IsUntyped(Mount mount) =>
        mount.Type != "bind" && (mount.Options?.Any(option => option is "bind" or "rbind") ?? false);
}
