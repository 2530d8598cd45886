// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary>A tar that is to become an image of one layer.</summary>
/// <param name="Tar">plain or compressed; disposed by the caller</param>
/// <param name="Origin">where it came from, for the history: a path, a URL or <c>-</c></param>
/// <param name="Name">what the image is to be called, or null</param>
internal sealed record ImportRequest(ArchiveInput Tar, string Origin, Reference? Name)
{
    /// <summary>Dockerfile instructions that make its config (<c>--change</c>).</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The history's comment; null for <c>Imported from …</c>.</summary>
    public string? Message { get; init; }

    /// <summary>Null for the host's.</summary>
    public Platform? Platform { get; init; }
}
