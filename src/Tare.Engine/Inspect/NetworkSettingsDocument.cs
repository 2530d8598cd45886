// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>A container's place on its networks; without networks only the mode's name has an entry.</summary>
internal sealed record NetworkSettingsDocument
{
    public string SandboxID { get; init; } = "";

    public string SandboxKey { get; init; } = "";

    public IReadOnlyDictionary<string, string> Ports { get; init; } = new Dictionary<string, string>();

    public required IReadOnlyDictionary<string, EndpointDocument> Networks { get; init; }
}
