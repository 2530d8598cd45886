// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Lifecycle;

/// <summary>Where the cgroups of a container are.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#cgroups-path; a relative path and none are below <c>tare-oci</c>.</remarks>
internal static class OciCgroup
{
    private const string Parent = "tare-oci";

    /// <summary>Parent and name.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static (string Parent, string Name) Place(string? cgroupsPath, string id)
    {
        if (string.IsNullOrEmpty(cgroupsPath))
        {
            return (Parent, id);
        }

        string[] parts = cgroupsPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch
        {
            1 => (Parent, parts[0]),
            2 => (parts[0], parts[1]),
            _ => throw new TareException(ErrorKind.NotSupported, $"linux.cgroupsPath: {Quoted.Text(cgroupsPath)} has more than two parts"),
        };
    }
}
