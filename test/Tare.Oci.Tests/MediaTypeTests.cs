// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class MediaTypeTests
{
    [Theory]
    [InlineData(MediaType.OciIndex, "Index")]
    [InlineData(MediaType.DockerIndex, "Index")]
    [InlineData(MediaType.OciManifest, "Manifest")]
    [InlineData(MediaType.DockerManifest, "Manifest")]
    [InlineData(MediaType.OciConfig, "Config")]
    [InlineData(MediaType.DockerConfig, "Config")]
    [InlineData(MediaType.OciLayerZstd, "Layer")]
    [InlineData(MediaType.DockerForeignLayerGzip, "Layer")]
    [InlineData(MediaType.OciEmpty, "Other")]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws", "Other")]
    [InlineData("Application/vnd.oci.image.index.v1+json", "Other")]
    [InlineData("", "Other")]
    public void A_type_has_one_kind(string mediaType, string kind) =>
        Assert.Equal(kind, MediaType.KindOf(mediaType).ToString());

    [Theory]
    [InlineData(MediaType.OciLayer, "None", false)]
    [InlineData(MediaType.OciLayerGzip, "Gzip", false)]
    [InlineData(MediaType.OciLayerZstd, "Zstd", false)]
    [InlineData(MediaType.OciForeignLayer, "None", true)]
    [InlineData(MediaType.OciForeignLayerGzip, "Gzip", true)]
    [InlineData(MediaType.OciForeignLayerZstd, "Zstd", true)]
    [InlineData(MediaType.DockerLayer, "None", false)]
    [InlineData(MediaType.DockerLayerGzip, "Gzip", false)]
    [InlineData(MediaType.DockerLayerZstd, "Zstd", false)]
    [InlineData(MediaType.DockerForeignLayer, "None", true)]
    [InlineData(MediaType.DockerForeignLayerGzip, "Gzip", true)]
    public void A_layer_type_tells_its_format(string mediaType, string compression, bool isForeign)
    {
        Assert.True(MediaType.TryGetLayer(mediaType, out LayerFormat format));
        Assert.Equal(compression, format.Compression.ToString());
        Assert.Equal(isForeign, format.IsForeign);
    }

    [Fact]
    public void What_is_no_layer_has_no_format() => Assert.False(MediaType.TryGetLayer(MediaType.OciConfig, out _));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("/b", false)]
    [InlineData("a/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("a/b c", false)]
    [InlineData("a/+b", false)]
    [InlineData("a/b\n", false)]
    [InlineData("ä/b", false)]
    public void Form_is_checked(string mediaType, bool isFine) => Assert.Equal(isFine, MediaType.IsWellFormed(mediaType));
}
