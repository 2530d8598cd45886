// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>One bind or volume of a container. Engine API v1.51 MountPoint.</summary>
internal sealed record MountDocument
{
    public required string Type { get; init; }

    public string? Name { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    public string? Driver { get; init; }

    public string Mode { get; init; } = "";

    public bool RW { get; init; }

    public string Propagation { get; init; } = "";
}
