// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>A container's place on its networks; of one that does not run only their names. Engine API v1.51 NetworkSettings.</summary>
internal sealed record NetworkSettingsDocument
{
    public string SandboxID { get; init; } = "";

    public string SandboxKey { get; init; } = "";

    /// <summary>Port and protocol → where it is reached; null: it is only exposed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBindingDocument>?> Ports { get; init; } =
        new Dictionary<string, IReadOnlyList<PortBindingDocument>?>();

    /// <summary>Of the default network, which once was the only one.</summary>
    public string EndpointID { get; init; } = "";

    /// <inheritdoc cref="EndpointID"/>
    public string Gateway { get; init; } = "";

    /// <inheritdoc cref="EndpointID"/>
    public string IPAddress { get; init; } = "";

    /// <inheritdoc cref="EndpointID"/>
    public int IPPrefixLen { get; init; }

    /// <inheritdoc cref="EndpointID"/>
    public string MacAddress { get; init; } = "";

    public required IReadOnlyDictionary<string, EndpointDocument> Networks { get; init; }
}
