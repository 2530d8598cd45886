// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What this runtime can do.</summary>
/// <param name="OciVersionMin">oldest version of the specification it accepts</param>
/// <param name="OciVersionMax">newest version of the specification it knows</param>
/// <remarks>runtime-spec v1.3 features.md</remarks>
internal sealed record Features(string OciVersionMin, string OciVersionMax)
{
    /// <summary>Hooks it runs.</summary>
    public IReadOnlyList<string>? Hooks { get; init; }

    /// <summary>Mount options it knows.</summary>
    public IReadOnlyList<string>? MountOptions { get; init; }

    /// <summary>What Linux adds.</summary>
    public LinuxFeatures? Linux { get; init; }

    /// <summary>Free text about the implementation.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Annotations that change what a container may do.</summary>
    public IReadOnlyList<string>? PotentiallyUnsafeConfigAnnotations { get; init; }
}
