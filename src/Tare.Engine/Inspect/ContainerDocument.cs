// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Engine.Inspect;

/// <summary>A container as <c>inspect</c> prints it.</summary>
/// <remarks>Engine API v1.51 ContainerInspectResponse; fields that have no meaning here keep docker's empty value.</remarks>
internal sealed record ContainerDocument
{
    public required string Id { get; init; }

    public required string Created { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required StateDocument State { get; init; }

    public required string Image { get; init; }

    public required string ResolvConfPath { get; init; }

    public required string HostnamePath { get; init; }

    public required string HostsPath { get; init; }

    public string LogPath { get; init; } = "";

    public required string Name { get; init; }

    public int RestartCount { get; init; }

    public string Driver { get; init; } = "overlay";

    public string Platform { get; init; } = "linux";

    public string MountLabel { get; init; } = "";

    public string ProcessLabel { get; init; } = "";

    public string AppArmorProfile { get; init; } = "";

    public IReadOnlyList<string>? ExecIDs { get; init; }

    public required HostConfigDocument HostConfig { get; init; }

    public required UserNamespaceDocument UserNamespace { get; init; }

    /// <summary>bytes; only when asked for</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    /// <inheritdoc cref="SizeRw"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    public required GraphDriverDocument GraphDriver { get; init; }

    public required IReadOnlyList<MountDocument> Mounts { get; init; }

    public required ConfigDocument Config { get; init; }

    public required NetworkSettingsDocument NetworkSettings { get; init; }
}
