// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci.Tests;

public sealed class ImageIndexTests
{
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Golden = $$$"""{"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{D}}}","size":7,"platform":{"architecture":"arm","os":"linux","variant":"v7"}}]}""";

    [Fact]
    public void An_index_round_trips()
    {
        ImageIndex index = ImageIndex.Parse(Encoding.UTF8.GetBytes(Golden));

        Assert.Equal(Golden, Encoding.UTF8.GetString(index.ToBytes()));
        Assert.Equal("linux/arm/v7", index.Manifests.Single().Platform!.ToString());
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2}")]
    [InlineData("{\"schemaVersion\":3,\"manifests\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[null]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{}]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"LAYERS\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"config\":{}}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"fsLayers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"}")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"mediaType\":\"text/plain\"}")]
    public void What_is_malformed_or_ambiguous_is_refused(string text) =>
        Assert.Throws<TareException>(() => ImageIndex.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_best_match_for_a_host_comes_first()
    {
        ImageIndex index = new(2)
        {
            Manifests =
            [
                Of(1, "unknown", "unknown"), Of(2, "arm", "linux", "v6"), Of(3, "arm64", "linux", "v8"), Of(4, null, null),
                Of(5, "amd64", "linux"), Of(6, "arm64", "linux"), Of(7, "386", "linux"), Of(8, "amd64", "windows"),
            ],
        };

        Assert.Equal([5, 7, 4], index.For(new Platform("amd64", "linux")).Select(d => d.Size));
        Assert.Equal([3, 6, 2, 4], index.For(new Platform("aarch64", "linux")).Select(d => d.Size));
        Assert.Equal([4], index.For(new Platform("riscv64", "linux")).Select(d => d.Size));
    }

    private static Descriptor Of(long size, string? architecture, string? os, string? variant = null) =>
        new(MediaType.OciManifest, Digest.Parse(D), size)
        {
            Platform = architecture is null ? null : new Platform(architecture, os!) { Variant = variant },
        };
}
