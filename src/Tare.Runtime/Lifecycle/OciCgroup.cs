// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Lifecycle;

/// <summary>Where the cgroups of a container are.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#cgroups-path</remarks>
internal static class OciCgroup
{
    private const string Parent = "tare-oci";

    /// <summary>Below the root of each hierarchy.</summary>
    /// <param name="cgroupsPath">of the spec; relative ones and none are below our own parent</param>
    /// <param name="id">of the container</param>
    public static string PathOf(string? cgroupsPath, string id)
    {
        if (string.IsNullOrEmpty(cgroupsPath))
        {
            return $"{Parent}/{id}";
        }

        // the form of systemd's drivers, slice:prefix:name, names the same place for everybody
        if (cgroupsPath.Split(':') is [var slice, var prefix, var name] && !cgroupsPath.Contains('/', StringComparison.Ordinal))
        {
            string unit = prefix.Length == 0 ? name : $"{prefix}-{name}.scope";
            return $"{(slice.Length == 0 ? "system.slice" : slice)}/{unit}";
        }

        return cgroupsPath.StartsWith('/') ? cgroupsPath.Trim('/') : $"{Parent}/{cgroupsPath.Trim('/')}";
    }
}
