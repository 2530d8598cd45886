// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>The mounts of a config.</summary>
/// <remarks>runtime-spec v1.3 config.md#mounts</remarks>
internal static class MountCheck
{
    public static void Check(Spec spec)
    {
        bool hasUsers = SpecCheck.Has(spec.Linux, NamespaceType.User);
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            Check(spec.Mounts[i], $"mounts[{i}]", hasUsers);
        }
    }

    private static void Check(Mount mount, string at, bool hasUsers)
    {
        IReadOnlyList<string> options = mount.Options ?? [];
        bool isBind = mount.Type == "bind";
        SpecFault.WantAbsolute($"{at}.destination", mount.Destination);
        if (!isBind && string.IsNullOrEmpty(mount.Type) && !options.Contains("remount"))
        {
            throw SpecFault.At($"{at}.type", "missing");
        }

        if (isBind && string.IsNullOrEmpty(mount.Source))
        {
            throw SpecFault.At($"{at}.source", "a bind needs one");
        }

        CheckMappings(mount, at, options, hasUsers);
    }

    private static void CheckMappings(Mount mount, string at, IReadOnlyList<string> options, bool hasUsers)
    {
        bool hasUids = mount.UidMappings is { Count: > 0 };
        bool hasGids = mount.GidMappings is { Count: > 0 };
        if (hasUids != hasGids)
        {
            throw SpecFault.At($"{at}.{(hasUids ? "gidMappings" : "uidMappings")}", "missing, though the other mappings are there");
        }

        IdMappingCheck.Check(mount.UidMappings, $"{at}.uidMappings");
        IdMappingCheck.Check(mount.GidMappings, $"{at}.gidMappings");
        for (int i = 0; i < options.Count; i++)
        {
            if (options[i] is "idmap" or "ridmap" && !hasUids && !hasUsers)
            {
                throw SpecFault.At($"{at}.options[{i}]", $"{options[i]} needs uidMappings and gidMappings, or a user namespace");
            }
        }
    }
}
