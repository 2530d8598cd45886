// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Images.Tests.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Building;

[Trait("ring", "kernel")]
public sealed class BuildRecordsTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_record_that_a_running_build_uses_stays()
    {
        StoredLayer layer = Known("one");
        using (var build = new BuildCache(_store.Images))
        {
            build.Add(["k"], "RUN one", layer, [1]);
            Assert.NotNull(build.Find("k"));
            Assert.True(Assert.Single(BuildRecords.List(_store.Images)).IsInUse);

            using ImageStore other = _store.Reopen();
            Assert.Empty(BuildRecords.Prune(other, static all => all));
            Assert.NotNull(build.Find("k"));
        }

        Assert.Equal("k", Assert.Single(BuildRecords.Prune(_store.Images, static all => all)).Record.Key);
        Assert.Null(_store.Images.Catalog.FindInputs("k"));
        Assert.Empty(BuildRecords.List(_store.Images));
    }

    [Fact]
    public void The_inputs_are_kept_with_the_most_exact_key()
    {
        using var build = new BuildCache(_store.Images);

        build.Add(["cheap", "exact"], "COPY . /", null, [7]);

        Assert.Null(_store.Images.Catalog.FindInputs("cheap"));
        Assert.Equal([7], _store.Images.Catalog.FindInputs("exact"));
        Assert.Equal([("COPY . /", 7)], build.Earlier(10).Select(static one => (one.Title, (int)one.Inputs[0])));
    }

    [Fact]
    public void What_a_record_that_is_replaced_had_goes_with_the_build()
    {
        StoredLayer before = Known("before"), now = Known("now");
        using (var build = new BuildCache(_store.Images))
        {
            build.Add(["k"], "RUN date", before);
            build.Add(["k", "l"], "RUN date", now, [1]);
            (IReadOnlyList<string> keys, byte[]? inputs) = build.Known(["k"], "RUN date", now);
            Assert.Equal(["k", "l"], keys);
            Assert.Equal([1], inputs);
            Assert.True(_store.Images.Blobs.Has(before.Blob.Digest));
        }

        Assert.False(_store.Images.Blobs.Has(before.Blob.Digest));
        Assert.True(_store.Images.Blobs.Has(now.Blob.Digest));
    }

    [Fact]
    public void A_record_whose_layer_is_gone_is_lost()
    {
        using var build = new BuildCache(_store.Images);
        StoredLayer layer = Known("one");
        build.Add(["k"], "RUN one", layer);
        _store.Images.Catalog.Write(durable: false, () =>
        {
            _store.Images.Catalog.RemoveTree(layer.Chain);
            return true;
        });

        Assert.Null(build.Find("k"));
        Assert.True(build.IsLost("k"));
        Assert.False(build.IsLost("other"));
    }

    /// <summary>A layer that the catalog takes for stored.</summary>
    private StoredLayer Known(string text)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        DiffId diffId = new(Digest.Of(bytes));
        var layer = new StoredLayer(ChainId.Of(diffId), diffId, new Descriptor(MediaType.OciLayer, Digest.Of(bytes), bytes.Length), 1);
        using (Fd file = _store.Images.Blobs.Create(HashAlgorithm.Sha256))
        {
            file.Write(bytes);
            _store.Images.Blobs.Publish(file, layer.Blob.Digest);
        }

        _store.Images.Catalog.Write(durable: false, () =>
        {
            _store.Images.Catalog.AddTree(layer.Chain, 1);
            return true;
        });
        return layer;
    }
}
