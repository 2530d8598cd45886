// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>The layers of an image by what they unpack to, bottom first.</summary>
/// <remarks>image-spec config.md#properties, rootfs.</remarks>
internal sealed record RootFs
{
    /// <summary>The only value that <see cref="Type"/> may have.</summary>
    public const string Layers = "layers";

    [AllowNull]
    public string Type { get; init => field = value ?? Layers; } = Layers;

    /// <summary>Bottom first; Docker leaves the member out for an image without layers.</summary>
    [JsonPropertyName("diff_ids")]
    [AllowNull]
    public IReadOnlyList<DiffId> DiffIds { get; init => field = value ?? []; } = [];
}
