// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>One mount of the container.</summary>
/// <param name="Destination">absolute path inside the container</param>
/// <remarks>runtime-spec v1.3 config.md#mounts</remarks>
internal sealed record Mount(string Destination)
{
    /// <summary>File system type, <c>bind</c>, or null when an option says bind.</summary>
    public string? Type { get; init; }

    /// <summary>Device, name, or for a bind the file or directory of the host.</summary>
    public string? Source { get; init; }

    /// <summary>Options as of mount(8), and those of the specification (<c>rbind</c>, <c>rro</c>, <c>tmpcopyup</c> …).</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>User ids of an id-mapped mount.</summary>
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of an id-mapped mount.</summary>
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }
}
