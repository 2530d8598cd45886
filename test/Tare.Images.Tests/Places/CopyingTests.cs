// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Images.Places;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Places;

public sealed class CopyingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-copying-").FullName;
    private readonly TestStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("oci:{0}/layout:1")]
    [InlineData("oci-archive:{0}/layout.tar:1")]
    [InlineData("docker-archive:{0}/docker.tar:app:1")]
    public async Task An_image_goes_there_and_back_and_is_the_same(string place)
    {
        await _store.LoadAsync(Sample.Of(("a", "text"), ("b", "more")).OciArchive("app:1"));
        Digest before = _store.Images.Get("app:1").Root;

        Descriptor there = await CopyAsync("store:app:1", place);
        using var other = new TestStore();
        Descriptor back = await CopyAsync(place, "store:back:2", store: other);

        Assert.Equal(before, there.Digest);
        Assert.Equal(before, back.Digest);
        Assert.Equal(before, other.Images.Get("back:2").Root);
    }

    [Fact]
    public async Task A_layout_keeps_what_it_holds_and_a_tag_moves()
    {
        await _store.LoadAsync(Sample.Of(("a", "1")).OciArchive("app:1"));
        await _store.LoadAsync(Sample.Of(("a", "2")).OciArchive("app:2"));

        await CopyAsync("store:app:1", $"oci:{_folder}/l:one");
        await CopyAsync("store:app:2", $"oci:{_folder}/l:two");
        await CopyAsync("store:app:2", $"oci:{_folder}/l:one");
        await CopyAsync("store:app:1", $"oci:{_folder}/l");
        await CopyAsync("store:app:1", $"oci:{_folder}/l");

        ImageIndex index = ImageIndex.Parse(await File.ReadAllBytesAsync($"{_folder}/l/index.json", TestContext.Current.CancellationToken));
        Digest one = _store.Images.Get("app:1").Root;
        Digest two = _store.Images.Get("app:2").Root;
        Assert.Equal(
            [("two", two), ("one", two), (null, one)],
            index.Manifests.Select(static d => (LayoutAnnotations.LabelOf(d), d.Digest)));
        Assert.False(File.Exists($"{_folder}/l/manifest.json"));
        Assert.Equal(two, (await CopyAsync($"oci:{_folder}/l@{two}", $"oci-archive:{_folder}/x.tar")).Digest);
        await FailsAsync(ErrorKind.InvalidArgument, "it holds 2 images", $"oci:{_folder}/l", $"oci-archive:{_folder}/x.tar");
        await FailsAsync(ErrorKind.NotFound, "no such image in it", $"oci:{_folder}/l:three", $"oci-archive:{_folder}/x.tar");
    }

    [Fact]
    public async Task Of_an_index_one_image_goes_or_all_of_it()
    {
        Sample amd = Sample.Of(("a", "amd"));
        var arm = new Sample { Architecture = "arm64" };
        arm.Layer(Sample.Tar(("a", "arm")));
        byte[] index = IndexOf(amd, arm);
        Descriptor root = Sample.Describe(MediaType.OciIndex, index);
        await File.WriteAllBytesAsync(
            $"{_folder}/both.tar",
            Sample.OciArchive([.. amd.Blobs(), .. arm.Blobs(), (LayoutNames.OfBlob(root.Digest), index)], root),
            TestContext.Current.CancellationToken);
        string both = $"oci-archive:{_folder}/both.tar";

        Descriptor one = await CopyAsync(both, $"oci:{_folder}/one:1", Platform.Parse("linux/arm64", Hardware.Host));
        Descriptor all = await CopyAsync(both, $"oci:{_folder}/all:1", all: true);
        Descriptor stored = await CopyAsync($"oci:{_folder}/all:1", "store:app:1", all: true);

        Assert.Equal(arm.Manifest.Digest, one.Digest);
        Assert.Equal(MediaType.OciManifest, one.MediaType);
        Assert.False(File.Exists($"{_folder}/one/{LayoutNames.OfBlob(amd.Manifest.Digest)}"));
        Assert.Equal(root.Digest, all.Digest);
        Assert.Equal(index, await File.ReadAllBytesAsync($"{_folder}/all/{LayoutNames.OfBlob(root.Digest)}", TestContext.Current.CancellationToken));
        Assert.Equal(root.Digest, stored.Digest);
        Assert.NotNull(_store.Images.Find("app:1", Platform.Parse("linux/arm64", Hardware.Host)));
    }

    [Fact]
    public async Task An_index_that_is_not_whole_does_not_go_as_if_it_were()
    {
        Sample amd = Sample.Of(("a", "amd"));
        var arm = new Sample { Architecture = "arm64" };
        arm.Layer(Sample.Tar(("a", "arm")));
        byte[] index = IndexOf(amd, arm);
        Descriptor root = Sample.Describe(MediaType.OciIndex, index);
        await File.WriteAllBytesAsync(
            $"{_folder}/half.tar",
            Sample.OciArchive([.. amd.Blobs(), (LayoutNames.OfBlob(root.Digest), index)], root),
            TestContext.Current.CancellationToken);

        await FailsAsync(ErrorKind.NotFound, $"{arm.Manifest.Digest} or a part of it is not there", $"oci-archive:{_folder}/half.tar", $"oci:{_folder}/out:1", all: true);

        Assert.False(File.Exists($"{_folder}/out/index.json"));
    }

    [Theory]
    [InlineData("oci-archive:{0}/absent.tar", "store:app", ErrorKind.FailedPrecondition, "absent.tar")]
    [InlineData("oci:{0}/file", "store:app", ErrorKind.InvalidArgument, "is not a folder")]
    [InlineData("oci-archive:{0}", "store:app", ErrorKind.InvalidArgument, "is a folder")]
    [InlineData("store:absent", "oci:{0}/x", ErrorKind.NotFound, "No such image: absent:latest")]
    public async Task What_cannot_be_read_says_so(string from, string to, ErrorKind kind, string words)
    {
        await File.WriteAllTextAsync($"{_folder}/file", "text", TestContext.Current.CancellationToken);

        await FailsAsync(kind, words, Fill(from), Fill(to));
    }

    [Fact]
    public async Task An_archive_that_fails_leaves_no_file()
    {
        await _store.LoadAsync(Sample.Of(("a", new string('x', 5000))).OciArchive("app:1"));
        string blob = $"{_store.Path}/blobs/sha256/{_store.Images.Get("app:1").Layers[0].Blob.Digest.Hex}";
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(blob, new byte[6144], TestContext.Current.CancellationToken);

        await FailsAsync(ErrorKind.Corrupt, "layer sha256:", "store:app:1", $"oci-archive:{_folder}/x.tar");

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private static byte[] IndexOf(params Sample[] samples) => new ImageIndex(2)
    {
        MediaType = MediaType.OciIndex,
        Manifests = [.. samples.Select(static s => s.Manifest with { Platform = new Platform(s.Architecture, "linux") })],
    }.ToBytes();

    private string Fill(string text) => text.Replace("{0}", _folder, StringComparison.Ordinal);

    private Task<Descriptor> CopyAsync(string from, string to, Platform? platform = null, bool all = false, TestStore? store = null) =>
        new Copying(RegistryOptions.Default, () => (store ?? _store).Images, static (_, _) => { }).RunAsync(
            Place.Parse(Fill(from)), Place.Parse(Fill(to)), platform, all, TestContext.Current.CancellationToken);

    private async Task FailsAsync(ErrorKind kind, string words, string from, string to, bool all = false)
    {
        TareException e = await Assert.ThrowsAsync<TareException>(() => CopyAsync(from, to, all: all));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.StartsWith($"copy {from} to {to}: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(kind, e.Kind);
    }
}
