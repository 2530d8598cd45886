// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>How the layers of a result are to be packed.</summary>
/// <param name="Format">None, Gzip or Zstd</param>
internal sealed record LayerCompression(CompressionFormat Format)
{
    /// <summary>What layers have that nobody asked to pack in another way.</summary>
    public static LayerCompression Default { get; } = new(CompressionFormat.Gzip);

    /// <summary>The largest number that users give: those of gzip's and zstd's own programs.</summary>
    public int MaxLevel => Format switch
    {
        CompressionFormat.Gzip => 9,
        CompressionFormat.Zstd => 22,
        _ => 0,
    };

    /// <summary>0 to <see cref="MaxLevel"/>; null is the default.</summary>
    public int? Level { get; init; }

    /// <summary>Layers of the base image too, not only those that the build made.</summary>
    public bool IsForced { get; init; }

    /// <summary>docker's own media types know no zstd.</summary>
    public bool WantsOci => Format == CompressionFormat.Zstd;

    public string MediaType => Format switch
    {
        CompressionFormat.None => Oci.MediaType.OciLayer,
        CompressionFormat.Zstd => Oci.MediaType.OciLayerZstd,
        _ => Oci.MediaType.OciLayerGzip,
    };

    /// <summary>True when a layer is as it should be. With a level nobody can tell: it is packed again.</summary>
    public bool Fits(Descriptor blob) => Level is null && Format == blob.MediaType switch
    {
        Oci.MediaType.OciLayer or Oci.MediaType.DockerLayer => CompressionFormat.None,
        Oci.MediaType.OciLayerZstd or Oci.MediaType.DockerLayerZstd => CompressionFormat.Zstd,
        _ => CompressionFormat.Gzip,
    };

    /// <summary>A packer; null when nothing is packed. The caller disposes it.</summary>
    /// <param name="sink">lent</param>
    public PackingStream? Pack(Stream sink) => Format switch
    {
        CompressionFormat.Gzip => new GzipWriter(sink, GzipLevel, leaveOpen: true),
        CompressionFormat.Zstd => new ZstdWriter(sink, ZstdLevel, leaveOpen: true),
        _ => null,
    };

    /// <summary>libisal has four levels for gzip's nine.</summary>
    private int GzipLevel => Level switch
    {
        null => 1,
        0 => 0,
        { } level => Math.Min((level + 2) / 3, GzipWriter.MaxLevel),
    };

    private int ZstdLevel => Level switch
    {
        null or 0 => 3,
        { } level => Math.Min(level, ZstdWriter.MaxLevel),
    };
}
