// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Tests.Remote;

/// <summary>What somebody asked the evil registry for.</summary>
internal sealed record EvilRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Authorization => Headers.GetValueOrDefault("authorization");

    public string? Range => Headers.GetValueOrDefault("range");
}
