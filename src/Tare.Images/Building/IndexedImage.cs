// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>An image in an index of several, with what is said about it.</summary>
/// <param name="Image">with OCI's media types when anything is said; lent</param>
/// <param name="Platform">that it is for</param>
internal sealed record IndexedImage(BuiltImage Image, Platform Platform)
{
    /// <summary>Statements; none when nothing is said.</summary>
    public IReadOnlyList<Attestation> Attestations { get; init; } = [];

    /// <summary>Annotations of its entry in the index.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
