// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Tests.Remote;

/// <summary>What somebody asked the evil registry for.</summary>
internal sealed record EvilRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What came of it before the connection was broken off.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>True when the connection was broken off, so that no answer comes.</summary>
    public bool IsBroken { get; init; }

    public string? Authorization => Headers.GetValueOrDefault("authorization");

    public string? Range => Headers.GetValueOrDefault("range");
}
