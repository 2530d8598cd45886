// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>A typed, sized, hashed pointer to content.</summary>
/// <remarks>image-spec descriptor.md#properties.</remarks>
/// <param name="MediaType">what the bytes are, see <see cref="Oci.MediaType"/></param>
/// <param name="Digest">the hash of the stored bytes</param>
/// <param name="Size">bytes of the stored (usually compressed) form, never negative</param>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>Where else the bytes may be found; only followed for foreign layers.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Free data; never policy.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The content itself, embedded; to be verified like fetched content.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The media type of the artifact that the content is, if it is one.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The platform that the content runs on; only in an index.</summary>
    public Platform? Platform { get; init; }

    /// <summary>What it points to.</summary>
    [JsonIgnore]
    public ContentKind Kind => Oci.MediaType.KindOf(MediaType);

    /// <exception cref="TareException">Corrupt when a member is outside its bounds</exception>
    internal void Check(string where)
    {
        if (Size < 0)
        {
            throw new TareException(ErrorKind.Corrupt, $"{where}: size {Size} is negative");
        }
        if (!Oci.MediaType.IsWellFormed(MediaType))
        {
            throw new TareException(ErrorKind.Corrupt, $"{where}: {Quoted.Text(MediaType)} is not a media type");
        }
    }
}
