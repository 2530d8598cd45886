// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Images.Tests.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Building;

[Trait("ring", "kernel")]
public sealed class RepackingTests : IDisposable
{
    private static readonly byte[] Tar = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"{i * 7919 % 10_007} ")));

    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("Zstd", null, MediaType.OciLayerZstd)]
    [InlineData("Zstd", 22, MediaType.OciLayerZstd)]
    [InlineData("None", null, MediaType.OciLayer)]
    [InlineData("Gzip", 9, MediaType.OciLayerGzip)]
    public void A_layer_of_the_build_is_packed_as_asked_and_the_same_each_time(string name, int? level, string type)
    {
        var format = Enum.Parse<CompressionFormat>(name);
        StoredLayer layer = Stored(Tar, Tar);
        var how = new LayerCompression(format) { Level = level };
        using var repacking = new Repacking(_store.Images);
        using var again = new Repacking(_store.Images);

        Descriptor blob = Assert.Single(Apply(repacking, [layer], 0, how)).Blob;

        Assert.Equal(type, blob.MediaType);
        byte[] bytes = ReadAll(repacking.TryOpen(blob)!);
        Assert.Equal((blob.Digest, blob.Size), (Digest.Of(bytes), bytes.Length));
        Assert.Equal(format, Unpacking.Detect(bytes.AsSpan(0, Unpacking.MagicBytes)));
        Assert.Equal(Tar, ReadAll(Unpacking.Open(new MemoryStream(bytes))));
        Assert.Equal(blob, Assert.Single(Apply(again, [layer], 0, how)).Blob);
        Assert.Equal(bytes, ReadAll(repacking.TryOpen(blob)!));
    }

    [Fact]
    public void Layers_of_the_base_image_change_only_when_all_are_to()
    {
        StoredLayer[] layers = [Stored(Tar, Tar), Stored(Tar[..1000], Tar[..1000])];
        var zstd = new LayerCompression(CompressionFormat.Zstd);
        using var repacking = new Repacking(_store.Images);

        IReadOnlyList<StoredLayer> own = Apply(repacking, layers, 1, zstd), all = Apply(repacking, layers, 1, zstd with { IsForced = true });

        Assert.Equal([MediaType.OciLayerGzip, MediaType.OciLayerZstd], own.Select(static one => one.Blob.MediaType));
        Assert.Equal([MediaType.OciLayerZstd, MediaType.OciLayerZstd], all.Select(static one => one.Blob.MediaType));
        Assert.Equal(own[1], all[1]);
        Assert.Equal(layers, Apply(repacking, layers, 0, LayerCompression.Default with { IsForced = true }));
    }

    [Fact]
    public void A_blob_that_is_not_what_its_name_says_is_told()
    {
        StoredLayer layer = Stored(Tar, Tar[1..]);
        using var repacking = new Repacking(_store.Images);

        TareException failure = Assert.Throws<TareException>(() => Apply(repacking, [layer], 0, new LayerCompression(CompressionFormat.Zstd)));

        Assert.Equal(ErrorKind.Corrupt, failure.Kind);
    }

    private static IReadOnlyList<StoredLayer> Apply(Repacking repacking, StoredLayer[] layers, int inherited, LayerCompression how) =>
        repacking.Apply(layers, inherited, how, TestContext.Current.CancellationToken);

    /// <summary>A layer with the DiffId of one text and the blob of another.</summary>
    private StoredLayer Stored(byte[] said, byte[] held)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GzipWriter(packed, leaveOpen: true))
        {
            gzip.Write(held);
        }

        var blob = new Descriptor(MediaType.OciLayerGzip, Digest.Of(packed.ToArray()), packed.Length);
        using Fd file = _store.Images.Blobs.Create(HashAlgorithm.Sha256);
        file.Write(packed.ToArray());
        _store.Images.Blobs.Publish(file, blob.Digest);
        var diffId = new DiffId(Digest.Of(said));
        return new StoredLayer(ChainId.Of(diffId), diffId, blob, said.Length);
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        using (stream)
        {
            stream.CopyTo(bytes);
        }

        return bytes.ToArray();
    }
}
