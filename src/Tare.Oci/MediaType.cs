// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>The media types of images, OCI's and Docker's, and what they say about the bytes.</summary>
/// <remarks>image-spec media-types.md; distribution manifest-v2-2.md#media-types. Compared exactly, case
/// included.</remarks>
internal static class MediaType
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    public const string OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    public const string OciForeignLayerZstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";
    public const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    /// <summary>What kind of content a descriptor of this type points to; Other for what is not of an image.</summary>
    public static ContentKind KindOf(string mediaType) => mediaType switch
    {
        OciIndex or DockerIndex => ContentKind.Index,
        OciManifest or DockerManifest => ContentKind.Manifest,
        OciConfig or DockerConfig => ContentKind.Config,
        _ when TryGetLayer(mediaType, out _) => ContentKind.Layer,
        _ => ContentKind.Other,
    };

    /// <summary>How the tar of a layer of this type is stored; false when it is no layer.</summary>
    public static bool TryGetLayer(string mediaType, out LayerFormat format)
    {
        (bool isLayer, format) = mediaType switch
        {
            OciLayer or DockerLayer => (true, new LayerFormat(Compression.None, IsForeign: false)),
            OciLayerGzip or DockerLayerGzip => (true, new LayerFormat(Compression.Gzip, IsForeign: false)),
            OciLayerZstd or DockerLayerZstd => (true, new LayerFormat(Compression.Zstd, IsForeign: false)),
            OciForeignLayer or DockerForeignLayer => (true, new LayerFormat(Compression.None, IsForeign: true)),
            OciForeignLayerGzip or DockerForeignLayerGzip => (true, new LayerFormat(Compression.Gzip, IsForeign: true)),
            OciForeignLayerZstd => (true, new LayerFormat(Compression.Zstd, IsForeign: true)),
            _ => (false, default),
        };
        return isLayer;
    }

    /// <summary>True for text of the form <c>type/subtype</c> that image-spec's descriptor schema accepts.</summary>
    public static bool IsWellFormed(string mediaType)
    {
        int slash = mediaType.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsName(mediaType.AsSpan(0, slash)) && IsName(mediaType.AsSpan(slash + 1));
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        const int MaxNameLength = 127;
        if (name.IsEmpty || name.Length > MaxNameLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$&^_.+-".Contains(c))
            {
                return false;
            }
        }
        return true;
    }
}
