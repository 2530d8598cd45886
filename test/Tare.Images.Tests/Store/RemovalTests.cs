// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Store;

[Trait("ring", "kernel")]
public sealed class RemovalTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_last_name_takes_the_image_and_its_layers_with_it()
    {
        Sample sample = Sample.Of(("f", "1"));
        await _store.LoadAsync(sample.DockerArchive("a", "b"));

        Assert.Equal(["Untagged: a:latest"], Remove("a"));
        IReadOnlyList<string> last = Remove("b");

        string layer = "Deleted: " + ChainId.Of(new DiffId(Digest.Of(Sample.Tar(("f", "1")))));
        Assert.Equal(["Untagged: b:latest", $"Deleted: {sample.Id}", layer], last);
        Assert.Empty(_store.Names("layers"));
        Assert.Empty(_store.Names("blobs/sha256"));
        Assert.Empty(_store.Names("tmp"));
    }

    [Fact]
    public async Task An_image_in_two_wrappings_is_one_to_its_user()
    {
        Sample sample = Sample.Of(("f", "1"));
        await _store.LoadAsync(sample.DockerArchive("a"));
        byte[] manifest = [.. sample.ManifestBytes(), (byte)'\n'];
        Descriptor root = Sample.Describe(MediaType.OciManifest, manifest);
        (string Path, byte[] Bytes)[] blobs = [.. sample.Blobs(), (Tare.Images.Layout.LayoutNames.OfBlob(root.Digest), manifest)];

        Assert.Equal(["Loaded image: a:latest"], Assert.Single(await _store.LoadAsync(Sample.OciArchive(blobs, root, "a"))).Lines);
        Assert.Single(_store.Images.List(ImageFilter.None));
        Assert.Contains($"Deleted: {sample.Id}", Remove("a"));

        Assert.Empty(_store.Images.List(ImageFilter.None));
        Assert.Empty(_store.Names("blobs/sha256"));
    }

    [Fact]
    public async Task Layers_that_another_image_needs_stay()
    {
        byte[] shared = Sample.Tar(("base", "1"));
        await _store.LoadAsync(new Sample().Layer(shared).DockerArchive("a"));
        await _store.LoadAsync(new Sample().Layer(shared).Layer(Sample.Tar(("top", "2"))).DockerArchive("b"));

        Remove("b");

        Assert.Single(_store.Names("layers"));
        Assert.NotNull(_store.Images.Find("a"));
    }

    [Fact]
    public async Task An_id_with_names_in_one_repository_removes_them_all()
    {
        Sample sample = Sample.Of(("f", ""));
        await _store.LoadAsync(sample.DockerArchive("a:1"));

        Assert.Equal(["Untagged: a:1", $"Deleted: {sample.Id}"], Remove(sample.Id.Hex[..12]).Take(2));
    }

    [Fact]
    public async Task Docker_s_words_tell_why_an_image_stays()
    {
        Sample sample = Sample.Of(("f", ""));
        await _store.LoadAsync(sample.DockerArchive("a", "b"));
        string id = sample.Id.Hex[..12];
        ImageUse running = new(_store.Images.Get("a").Manifest.Digest, new string('c', 64), IsRunning: true);

        Assert.Equal($"conflict: unable to delete {id} (must be forced) - image is referenced in multiple repositories", Refused(id, false));
        Assert.Equal($"conflict: unable to delete {id} (cannot be forced) - image is being used by running container cccccccccccc", Refused(id, true, running));
        Remove("b");
        Assert.Equal(
            $"conflict: unable to remove repository reference \"a\" (must force) - container cccccccccccc is using its referenced image {id}",
            Refused("a", false, running));
        Assert.Equal(
            $"conflict: unable to delete {id} (must be forced) - image is being used by stopped container cccccccccccc",
            Refused(id, false, running with { IsRunning = false }));
        Assert.Equal("No such image: x:latest", Refused("x", false));
    }

    [Fact]
    public async Task An_image_that_a_container_needs_only_loses_its_name_by_force()
    {
        Sample sample = Sample.Of(("f", ""));
        await _store.LoadAsync(sample.DockerArchive("a"));
        ImageUse use = new(_store.Images.Get("a").Manifest.Digest, "c", IsRunning: false);

        Assert.Equal(["Untagged: a:latest"], _store.Images.Remove("a", force: true, () => [use]).Select(static r => r.ToString()));

        Assert.NotNull(_store.Images.Find(sample.Id.ToString()));
        Assert.Empty(_store.Images.Prune(all: true, ImageFilter.None, () => [use]).Done);
        Assert.Equal($"Deleted: {sample.Id}", _store.Images.Prune(all: false, ImageFilter.None, () => []).Done[0].ToString());
    }

    [Fact]
    public async Task The_collector_leaves_what_a_running_load_needs_and_takes_it_when_the_load_is_gone()
    {
        await _store.LoadAsync(Sample.Of(("f", "")).DockerArchive("a"));
        using ImageStore loader = _store.Reopen();
        StoredImage image = loader.Get("a");
        using (Lease lease = Lease.Begin(loader.Folder, loader.Catalog))
        {
            lease.Add([.. image.Layers.Select(static l => Lease.Item(l.Chain)), Lease.Item(image.Manifest.Digest)]);

            Remove("a");

            Assert.Single(_store.Names("layers"));
            Assert.Equal([image.Manifest.Digest.Hex], _store.Names("blobs/sha256"));
        }
        Assert.Single(new Collector(_store.Images).Collect());
        Assert.Empty(_store.Names("blobs/sha256"));
    }

    private IReadOnlyList<string> Remove(string text) => [.. _store.Images.Remove(text, force: false, () => []).Select(static r => r.ToString())];

    private string Refused(string text, bool force, params ImageUse[] uses) =>
        Assert.Throws<TareException>(() => _store.Images.Remove(text, force, () => uses)).Message;
}
