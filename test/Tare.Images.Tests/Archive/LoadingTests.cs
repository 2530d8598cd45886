// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Archive;
using Tare.Images.Layout;
using Tare.Images.Store;
using Tare.Images.Tests.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Archive;

[Trait("ring", "kernel")]
public sealed class LoadingTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_docker_archive_becomes_a_named_image_with_its_files()
    {
        Sample sample = Sample.Of(("etc/hello", "hi"));

        LoadedImage loaded = Assert.Single(await _store.LoadAsync(sample.DockerArchive("busybox:1")));

        Assert.Equal(["Loaded image: busybox:1"], loaded.Lines);
        StoredImage image = _store.Images.Get("busybox:1");
        Assert.Equal(sample.Id, image.Id);
        Assert.Equal("hi", ReadFile(image, "etc/hello"));
        Assert.Equal(2, image.Size);
        Assert.Empty(_store.Names("tmp"));
    }

    [Fact]
    public async Task A_layout_keeps_its_manifest_and_compressed_layers()
    {
        Sample sample = new Sample().Layer(Sample.Tar(("a", "1")), MediaType.OciLayerGzip).Layer(Sample.Tar(("b", "2")));

        await _store.LoadAsync(sample.OciArchive("ghcr.io/a/b:c"));

        StoredImage image = _store.Images.Get("ghcr.io/a/b:c");
        Assert.Equal(sample.Manifest, image.Manifest);
        Assert.Equal("1", ReadFile(image, "a"));
        Assert.Equal("2", ReadFile(image, "b"));
    }

    [Fact]
    public async Task An_archive_without_names_is_loaded_by_its_id()
    {
        Sample sample = Sample.Of(("f", ""));

        LoadedImage loaded = Assert.Single(await _store.LoadAsync(sample.OciArchive()));

        Assert.Equal([$"Loaded image ID: {sample.Id}"], loaded.Lines);
        Assert.NotNull(_store.Images.Find(sample.Id.Hex[..6]));
        Assert.Null(Assert.Single(_store.Images.List(ImageFilter.None)).Name);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("plain")]
    public async Task The_compression_around_an_archive_is_found_out(string kind)
    {
        byte[] archive = Sample.Of(("f", "x")).DockerArchive("a");
        using var packed = new MemoryStream();
        using (Stream writer = kind switch
        {
            "gzip" => new GzipWriter(packed, leaveOpen: true),
            "zstd" => new ZstdWriter(packed, leaveOpen: true),
            _ => new LentStream(packed),
        })
        {
            writer.Write(archive);
        }

        await _store.LoadAsync(packed.ToArray());

        Assert.NotNull(_store.Images.Find("a"));
    }

    [Fact]
    public async Task A_name_moves_to_the_image_that_is_loaded_last()
    {
        Sample first = Sample.Of(("f", "1"));
        await _store.LoadAsync(first.DockerArchive("a"));

        LoadedImage loaded = Assert.Single(await _store.LoadAsync(Sample.Of(("f", "2")).DockerArchive("a")));

        Assert.Equal(
            [$"The image a:latest already exists, renaming the old one with ID {first.Id} to empty string", "Loaded image: a:latest"],
            loaded.Lines);
        Assert.Equal(["a:latest", ""], _store.Images.List(ImageFilter.None).Select(static r => r.Name?.Familiar ?? "").OrderDescending());
    }

    [Fact]
    public async Task Whiteouts_of_an_upper_layer_hide_files_of_a_lower_one()
    {
        Sample sample = Sample.Of(("d/a", "1"), ("d/b", "2")).Layer(Sample.Tar(("d/.wh.a", "")));
        await _store.LoadAsync(sample.DockerArchive("a"));

        StoredImage image = _store.Images.Get("a");

        Assert.Null(ReadFile(image, "d/a"));
        Assert.Equal("2", ReadFile(image, "d/b"));
    }

    [Fact]
    public async Task An_index_keeps_the_images_that_are_there_and_the_root_that_names_them()
    {
        Sample amd = Sample.Of(("arch", "amd64"));
        Sample arm = new Sample { Architecture = "arm64" }.Layer(Sample.Tar(("arch", "arm64")));
        byte[] index = new ImageIndex(2)
        {
            MediaType = MediaType.OciIndex,
            Manifests =
            [
                amd.Manifest with { Platform = new Platform("amd64", "linux") },
                arm.Manifest with { Platform = new Platform("arm64", "linux") },
                Sample.Of(("absent", "")).Manifest with { Platform = new Platform("s390x", "linux") },
            ],
        }.ToBytes();
        Descriptor root = Sample.Describe(MediaType.OciIndex, index);

        await _store.LoadAsync(Sample.OciArchive(
            [.. amd.Blobs(), .. arm.Blobs(), (LayoutNames.OfBlob(root.Digest), index)], root, "multi"));

        Assert.Equal(root.Digest, _store.Images.Get("multi").Root);
        Assert.Equal("arm64", ReadFile(_store.Images.Get("multi", new Platform("arm64", "linux")), "arch"));
        Assert.Equal("amd64", ReadFile(_store.Images.Get("multi", new Platform("amd64", "linux")), "arch"));
        Assert.Null(_store.Images.Find("multi", new Platform("s390x", "linux")));
    }

    [Fact]
    public async Task An_image_for_another_platform_than_was_asked_for_is_not_loaded()
    {
        using ArchiveInput input = ArchiveInput.From("x.tar", new MemoryStream(Sample.Of(("f", "")).DockerArchive("a")));

        TareException e = await Assert.ThrowsAsync<TareException>(async () => await _store.Images
            .LoadAsync(input, new Platform("arm64", "linux"), TestContext.Current.CancellationToken)
            .FirstAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorKind.NotFound, e.Kind);
        Assert.EndsWith("no image for the platform linux/arm64", e.Message, StringComparison.Ordinal);
        AssertNothingStored();
    }

    [Fact]
    public async Task A_wrong_byte_in_any_blob_is_refused_and_leaves_nothing()
    {
        Sample sample = new Sample().Layer(Sample.Tar(("a", "1")), MediaType.OciLayerGzip).Layer(Sample.Tar(("b", "2")));
        (string Path, byte[] Bytes)[] blobs = sample.Blobs();
        for (int i = 0; i < blobs.Length; i++)
        {
            (string Path, byte[] Bytes)[] broken = [.. blobs];
            byte[] bytes = [.. blobs[i].Bytes];
            bytes[bytes.Length / 2] ^= 1;
            broken[i] = (blobs[i].Path, bytes);

            TareException e = await Assert.ThrowsAsync<TareException>(
                () => _store.LoadAsync(Sample.OciArchive(broken, sample.Manifest, "bad")));

            Assert.Equal(ErrorKind.Corrupt, e.Kind);
            Assert.StartsWith("load test.tar: ", e.Message, StringComparison.Ordinal);
            Assert.Contains(blobs[i].Path[^64..], e.Message, StringComparison.Ordinal);
        }
        AssertNothingStored();
    }

    [Fact]
    public async Task A_layer_with_other_contents_than_its_config_says_is_refused()
    {
        Sample honest = new Sample().Layer(Sample.Tar(("a", "1")), MediaType.OciLayerGzip);
        byte[] other = Sample.Gzip(Sample.Tar(("a", "2")));
        byte[] manifest = new ImageManifest(2, Sample.Describe(MediaType.OciConfig, honest.ConfigBytes()))
        {
            MediaType = MediaType.OciManifest,
            Layers = [Sample.Describe(MediaType.OciLayerGzip, other)],
        }.ToBytes();
        Descriptor root = Sample.Describe(MediaType.OciManifest, manifest);

        TareException e = await Assert.ThrowsAsync<TareException>(() => _store.LoadAsync(Sample.OciArchive(
            [.. honest.Blobs(), (LayoutNames.OfBlob(root.Digest), manifest), (LayoutNames.OfBlob(Digest.Of(other)), other)], root)));

        Assert.Contains("its config wants the contents", e.Message, StringComparison.Ordinal);
        AssertNothingStored();
    }

    [Fact]
    public async Task Twenty_loads_of_one_image_at_once_all_succeed()
    {
        byte[] archive = Sample.Of([.. Enumerable.Range(0, 200).Select(static i => ($"d{i % 7}/f{i}", $"{i}"))])
            .Layer(Sample.Tar(("z", "1"))).DockerArchive("many");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using ImageStore store = _store.Reopen();
                using ArchiveInput input = ArchiveInput.From("many.tar", new MemoryStream(archive));
                Assert.Single(TestStore.LoadAsync(store, input).GetAwaiter().GetResult());
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(2, _store.Names("layers").Count);
        Assert.Equal(4, _store.Names("blobs/sha256").Count);
        Assert.Empty(_store.Names("tmp"));
        Assert.Equal("17", ReadFile(_store.Images.Get("many"), "d3/f17"));
    }

    [Fact]
    public async Task What_a_dead_load_left_is_removed_by_the_next_one()
    {
        using (Fd scratch = HostPath.MakeDirectories(_store.Path + "/tmp", 0x1C0))
        {
            scratch.MakeDirectory("layer-00ff"u8, 0x1C0);
            scratch.Open("layer-00ff.lock"u8, OpenFlags.Create | OpenFlags.WriteOnly, 0x180).Dispose();
        }

        await _store.LoadAsync(Sample.Of(("f", "")).DockerArchive("a"));

        Assert.Empty(_store.Names("tmp"));
    }

    private string? ReadFile(StoredImage image, string path)
    {
        using Root root = Root.From(_store.Images.Snapshots.View(image));
        using Fd? file = root.TryResolve(Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly);
        return file is null ? null : Encoding.UTF8.GetString(file.ReadAll(1000));
    }

    private void AssertNothingStored()
    {
        Assert.Empty(_store.Images.List(ImageFilter.None));
        Assert.Empty(_store.Names("layers"));
        Assert.Empty(_store.Names("blobs/sha256"));
        Assert.Empty(_store.Names("tmp"));
    }
}
