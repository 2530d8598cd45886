// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What a container is: its process, root file system, mounts and isolation. The content of <c>config.json</c>.</summary>
/// <param name="OciVersion">version of the runtime specification that the document follows, SemVer</param>
/// <remarks>runtime-spec v1.3 config.md. Absent and null are the same everywhere; unknown fields are ignored.</remarks>
internal sealed record Spec(string OciVersion)
{
    /// <summary>The version that the documents written here follow.</summary>
    public const string CurrentVersion = "1.3.0";

    /// <summary>What runs; absent only in a bundle that is created and never started.</summary>
    public Process? Process { get; init; }

    /// <summary>The root file system.</summary>
    public Root? Root { get; init; }

    /// <summary>Host name inside the UTS namespace, or null to leave it.</summary>
    public string? Hostname { get; init; }

    /// <summary>NIS domain name inside the UTS namespace, or null to leave it.</summary>
    public string? Domainname { get; init; }

    /// <summary>Mounts beyond the root, made in this order.</summary>
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>Programs of the host's that are run around the container's life.</summary>
    public Hooks? Hooks { get; init; }

    /// <summary>Free text of the caller's; data, never policy.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Isolation and limits.</summary>
    public LinuxSpec? Linux { get; init; }
}
