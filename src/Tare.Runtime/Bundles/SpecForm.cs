// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>Of two spellings that the specification allows for the same, one.</summary>
internal static class SpecForm
{
    public static Spec Of(Spec spec)
    {
        bool hasRelative = spec.Mounts?.Any(IsRelative) ?? false;
        bool hasEmpty = spec.Linux?.Namespaces?.Any(space => space.Path is "") ?? false;
        return !hasRelative && !hasEmpty ? spec : spec with
        {
            Mounts = spec.Mounts?.Select(Absolute).ToArray(),
            Linux = spec.Linux is not { } linux ? null : linux with
            {
                Namespaces = linux.Namespaces?.Select(space => space.Path is "" ? space with { Path = null } : space).ToArray(),
            },
        };
    }

    /// <summary>runtime-spec v1.3 config.md#mounts: a relative destination MUST be interpreted as relative to /.</summary>
    private static Mount Absolute(Mount mount) =>
        IsRelative(mount) ? mount with { Destination = "/" + mount.Destination } : mount;

    private static bool IsRelative(Mount mount) => mount.Destination is [not '/', ..];
}
