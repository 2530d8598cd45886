// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>The digest of what a vertex does and of what its inputs do: equal ids are the same work.</summary>
/// <remarks>Says nothing about content: two contexts of the same name have one id. Paths of the checkout, times,
/// positions in the Dockerfile and names of stages are not in it.</remarks>
internal readonly record struct VertexId(Digest Digest)
{
    /// <summary>The first 12 hex digits, for people.</summary>
    public string Short => Digest.Hex[..12];

    public override string ToString() => Digest.ToString();
}
