// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>How one layer (or one step without a layer) of an image came to be.</summary>
/// <remarks>image-spec config.md#properties, history. Free text for people; nothing follows from it except
/// <see cref="EmptyLayer"/>, which says that no layer belongs to this step.</remarks>
internal sealed record History
{
    /// <summary>RFC 3339, kept as it was written; see <see cref="Timestamp"/>.</summary>
    public string? Created { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("empty_layer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmptyLayer { get; init; }
}
