// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci.Tests;

public sealed class ImageManifestTests
{
    private const string D = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Config = $$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{D}}","size":7}""";
    private const string Layer = $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{D}}","size":9}""";

    private const string Golden =
        $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2,"config":{{{Config}}},"layers":[{{{Layer}}}],"annotations":{"a":"1 < 2","b":"ü"}}""";

    [Fact]
    public void A_manifest_round_trips_with_its_plus_signs()
    {
        ImageManifest manifest = ImageManifest.Parse(Encoding.UTF8.GetBytes(Golden));

        Assert.Equal(Golden, Encoding.UTF8.GetString(manifest.ToBytes()));
        Assert.Equal(9, manifest.Layers.Single().Size);
        Assert.Equal(ContentKind.Config, manifest.Config.Kind);
        Assert.Equal("ü", manifest.Annotations!["b"]);
    }

    [Fact]
    public void The_bytes_stay_beside_the_value()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(" " + Golden + "\n");

        Blob<ImageManifest> blob = ImageManifest.Parse(bytes, new Descriptor(MediaType.OciManifest, Digest.Of(bytes), bytes.Length));

        Assert.True(blob.Bytes.Span.SequenceEqual(bytes));
        Assert.Equal(Digest.Of(bytes), blob.Digest);
    }

    [Theory]
    [InlineData(MediaType.DockerManifest, 0)]
    [InlineData(MediaType.OciIndex, 0)]
    [InlineData(MediaType.OciConfig, 0)]
    [InlineData("text/plain", 0)]
    [InlineData(MediaType.OciManifest, 1)]
    [InlineData(MediaType.OciManifest, -1)]
    public void Body_and_descriptor_must_agree(string mediaType, int sizeError)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Golden);
        Descriptor named = new(mediaType, Digest.Of(bytes), bytes.Length + sizeError);

        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<TareException>(() => ImageManifest.Parse(bytes, named)).Kind);
    }

    [Fact]
    public void An_image_without_layers_is_fine()
    {
        Assert.Empty(Parse($$"""{"schemaVersion":2,"config":{{Config}},"layers":[]}""").Layers);
        Assert.Empty(Parse($$"""{"schemaVersion":2,"config":{{Config}},"layers":null}""").Layers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\"x\"")]
    [InlineData("{\"schemaVersion\":2}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C}")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":null,\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{},\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":[],\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[null]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[7]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":{}}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L]} x")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L]}{}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],}")]
    [InlineData("{\"schemaVersion\":1,\"config\":C,\"layers\":[L]}")]
    [InlineData("{\"schemaVersion\":\"2\",\"config\":C,\"layers\":[L]}")]
    [InlineData("{\"schemaVersion\":2e400,\"config\":C,\"layers\":[L]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"Layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"Layers\":[L]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"l\\u0061yers\":[L],\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"manifests\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"Manifests\":null}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"m\\u0061nifests\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"fsLayers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"mediaType\":7}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"subject\":{}}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"annotations\":{\"a\":null}}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"annotations\":{\"a\":\"1\",\"a\":\"2\"}}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"annotations\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"x\":\"\\ud800\",\"\\ud800\":1}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"annotations\":{\"\\udc00\":\"\"}}")]
    [InlineData("{\"schemaVersion\":2,\"config\":C,\"layers\":[L],\"artifactType\":\"\\ud800\"}")]
    public void What_is_malformed_or_ambiguous_is_corrupt(string text)
    {
        text = text.Replace("C", Config, StringComparison.Ordinal).Replace("[L]", $"[{Layer}]", StringComparison.Ordinal);

        TareException error = Assert.Throws<TareException>(() => Parse(text));

        Assert.True(error.Kind is ErrorKind.Corrupt or ErrorKind.NotSupported);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("\"size\":9", "\"size\":-1")]
    [InlineData("\"size\":9", "\"size\":9.5")]
    [InlineData("\"size\":9", "\"size\":99999999999999999999")]
    [InlineData("\"size\":9", "\"size\":\"9\"")]
    [InlineData("\"size\":9", "\"size\":null")]
    [InlineData(",\"size\":9", "")]
    [InlineData(",\"size\":9", ",\"size\":9,\"size\":9")]
    [InlineData(",\"size\":9", ",\"size\":9,\"urls\":[null]")]
    [InlineData(",\"size\":9", ",\"size\":9,\"data\":\"*\"")]
    [InlineData(",\"size\":9", ",\"size\":9,\"platform\":{}")]
    [InlineData(",\"size\":9", ",\"size\":9,\"platform\":{\"os\":\"linux\",\"architecture\":null}")]
    [InlineData("layer.v1.tar+gzip", "layer v1")]
    [InlineData("sha256:e", "sha256:E")]
    [InlineData("sha256:e", "sha1:e")]
    [InlineData("sha256:e", "sha256:\\u0065\\u0065")]
    public void A_descriptor_outside_its_bounds_is_corrupt(string good, string bad)
    {
        string text = Golden[..Golden.IndexOf("[{", StringComparison.Ordinal)]
            + Golden[Golden.IndexOf("[{", StringComparison.Ordinal)..].Replace(good, bad, StringComparison.Ordinal);

        Assert.NotEqual(Golden, text);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<TareException>(() => Parse(text)).Kind);
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_read_or_refused()
    {
        byte[] good = Encoding.UTF8.GetBytes(Golden);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] cut = good[..i];
            Assert.Throws<TareException>(() => ImageManifest.Parse(cut));
            foreach (byte b in (ReadOnlySpan<byte>)[0, (byte)'"', (byte)'{', (byte)']', (byte)'\\', 0x80, 0xff])
            {
                byte[] changed = [.. good];
                changed[i] = b;
                try
                {
                    _ = ImageManifest.Parse(changed).ToBytes();
                }
                catch (TareException)
                {
                }
            }
        }
    }

    [Fact]
    public void Deep_nesting_and_large_documents_are_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.Throws<TareException>(() => Parse("{\"x\":" + deep));
        Assert.Throws<TareException>(() => Parse("{\"x\":" + deep + new string(']', 100_000) + "}"));
        Assert.Equal(
            ErrorKind.ResourceExhausted,
            Assert.Throws<TareException>(() => ImageManifest.Parse(new byte[ImageManifest.MaxBytes + 1])).Kind);
    }

    private static ImageManifest Parse(string text) => ImageManifest.Parse(Encoding.UTF8.GetBytes(text));
}
