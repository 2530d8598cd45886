// SPDX-License-Identifier: Apache-2.0

namespace Tare.Images.Remote;

/// <summary>One request to a registry; sent anew for each attempt.</summary>
/// <param name="Method">such as GET</param>
/// <param name="Path">below <c>/v2/</c>, or an absolute address that the registry gave</param>
/// <param name="Scope">the rights that it needs, such as <c>repository:library/busybox:pull</c></param>
internal sealed record RegistryRequest(HttpMethod Method, string Path, string Scope)
{
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Bytes to leave out at the start of a blob; null asks for the whole.</summary>
    public long? From { get; init; }

    /// <summary>Makes the body; called for each attempt. Null: none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Answers that mean something to the sender, beside 2xx.</summary>
    public IReadOnlyList<int> Expects { get; init; } = [];
}
