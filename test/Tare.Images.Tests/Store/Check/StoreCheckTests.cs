// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;
using Tare.Images.Store;
using Tare.Images.Store.Check;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Store.Check;

[Trait("ring", "kernel")]
public sealed class StoreCheckTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly Sample _sample = Sample.Of(("f", "one"));

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_store_that_was_loaded_saved_and_removed_from_is_clean()
    {
        await _store.LoadAsync(_sample.DockerArchive("a", "b:2"));
        await _store.LoadAsync(Sample.Of(("g", "two")).OciArchive("c"));
        await _store.SaveAsync("a");
        Assert.Empty(Look());

        _store.Images.Remove("c", force: false, () => []);

        Assert.Empty(Look());
    }

    [Fact]
    public async Task A_look_makes_nothing()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));

        Look();

        Assert.Equal(["sha256"], _store.Names("blobs"));
    }

    [Fact]
    public async Task A_flipped_bit_is_found_by_its_digest_and_healed_by_the_next_load()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        Digest layer = Layer();
        Flip(Blob(layer));

        Assert.Empty(Look(isQuick: true));
        Finding found = Assert.Single(Look());
        Assert.Equal(("blob", layer.ToString(), true), (found.Kind, found.Subject, found.Repairable));
        Assert.Matches("^its bytes have the digest sha256:[0-9a-f]{64}; needed by a:latest$", found.Text);

        Repair();

        Assert.Equal("it is not in the store; needed by a:latest", Assert.Single(Look()).Text);
        await _store.LoadAsync(_sample.DockerArchive("a"));
        Assert.Empty(Look());
    }

    [Fact]
    public async Task A_truncated_blob_is_found_without_reading_it()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        string path = Blob(_store.Images.Get("a").Manifest.Digest);
        long size = new FileInfo(path).Length;
        Truncate(path, size - 1);

        Finding found = Assert.Single(Look(isQuick: true));

        Assert.Equal($"it has {size - 1} bytes, not {size}; needed by a:latest", found.Text);
    }

    [Fact]
    public async Task A_damaged_config_is_written_again_from_the_catalog()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        Flip(Blob(_sample.Id));
        Assert.Single(Look());

        Repair();

        Assert.Empty(Look());
        Assert.Equal(_sample.ConfigBytes(), File.ReadAllBytes(Blob(_sample.Id)));
    }

    [Fact]
    public async Task What_a_running_load_relies_on_is_not_taken_from_it()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        Digest layer = Layer();
        Flip(Blob(layer));
        using ImageStore loader = _store.Reopen();
        using (Lease lease = Lease.Begin(loader.Folder, loader.Catalog))
        {
            lease.Add([Lease.Item(layer)]);
            Repair();
            Assert.True(File.Exists(Blob(layer)));
        }

        Repair();
        Assert.False(File.Exists(Blob(layer)));
    }

    [Fact]
    public async Task What_no_image_needs_is_named_and_collected()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        ChainId chain = new(Digest.Of("c"u8));
        Digest blob = Digest.Of("b"u8);
        File.WriteAllText(Blob(blob), "b");
        Directory.CreateDirectory(Tree(chain));
        ChainId known = new(Digest.Of("k"u8));
        Directory.CreateDirectory(Tree(known));
        ChainId ghost = new(Digest.Of("g"u8));
        _store.Images.Catalog.Write(durable: false, () =>
        {
            _store.Images.Catalog.AddTree(known, 1);
            _store.Images.Catalog.AddTree(ghost, 1);
            return true;
        });

        IReadOnlyList<Finding> found = Look();

        Assert.All(found, static f => Assert.Equal("no image needs it", f.Text));
        Assert.Equal(
            Sorted($"blob {blob}", $"layer {chain}", $"layer {known}", $"layer {ghost}"),
            Sorted([.. found.Select(static f => $"{f.Kind} {f.Subject}")]));
        Repair();
        Assert.Empty(Look());
        Assert.False(Directory.Exists(Tree(known)));
        Assert.NotNull(_store.Images.Find("a"));
    }

    [Fact]
    public async Task What_a_living_lease_keeps_is_no_finding_and_that_of_a_dead_one_is()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        Digest blob = Digest.Of("b"u8);
        File.WriteAllText(Blob(blob), "b");
        using ImageStore loader = _store.Reopen();
        using (Lease lease = Lease.Begin(loader.Folder, loader.Catalog))
        {
            lease.Add([Lease.Item(blob)]);
            Assert.Empty(Look());
        }

        _store.Images.Catalog.Write(durable: false, () =>
        {
            _store.Images.Catalog.AddLease("leasegone", [Lease.Item(blob)]);
            return true;
        });

        Assert.Equal(["blob", "lease"], Look().Select(static f => f.Kind).Order());
        Repair();
        Assert.Empty(Look());
    }

    [Fact]
    public async Task A_layer_without_its_files_is_named_and_unpacked_by_the_next_load()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        ChainId chain = _store.Images.Get("a").Layers[0].Chain;
        Directory.Delete(Tree(chain), recursive: true);

        Assert.Equal("its files are not in the store; needed by a:latest", Assert.Single(Look()).Text);
        Repair();
        Assert.Equal("it is not unpacked; needed by a:latest", Assert.Single(Look()).Text);
        await _store.LoadAsync(_sample.DockerArchive("a"));

        Assert.Empty(Look());
        Assert.True(File.Exists($"{Tree(chain)}/f"));
    }

    [Fact]
    public async Task Foreign_names_are_removed_whatever_they_are()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        File.WriteAllText($"{_store.Path}/blobs/sha256/{Layer().Hex[..^1]}", "");
        Directory.CreateDirectory($"{_store.Path}/blobs/sha256/{new string('0', 64)}/below");
        File.CreateSymbolicLink($"{_store.Path}/blobs/away", "/etc");
        File.WriteAllText($"{_store.Path}/layers/{new string('1', 64)}", "");
        File.WriteAllText($"{_store.Path}/layers/ü", "");
        Directory.CreateDirectory($"{_store.Path}/tmp/trash.tmp-00");
        File.WriteAllText($"{_store.Path}/tmp/layer-x.lock", "");

        string[] found = [.. Look().Select(static f => f.Kind)];

        Assert.Equal(["file", "file", "file", "file", "file", "scratch", "scratch"], found.Order());
        Repair();
        Assert.Empty(Look());
        Assert.True(Directory.Exists("/etc"));
    }

    [Fact]
    public async Task Rows_that_lead_nowhere_are_named_and_removed()
    {
        await _store.LoadAsync(_sample.DockerArchive("a"));
        await _store.LoadAsync(Sample.Of(("g", "two")).DockerArchive("b"));
        Digest root = _store.Images.Get("b").Root;
        Execute($"PRAGMA foreign_keys = OFF; DELETE FROM root WHERE digest = '{root}'");

        Assert.Contains(Look(), static f => f is { Kind: "catalog", Subject: "docker.io/library/b:latest" });
        Repair();

        Assert.Empty(Look());
        Assert.NotNull(_store.Images.Find("a"));
        Assert.Null(_store.Images.Find("b"));
        Assert.Single(_store.Names("layers"));
    }

    private IReadOnlyList<Finding> Look(bool isQuick = false)
    {
        using ImageStore other = _store.Reopen();
        return new StoreCheck(other, isQuick).Look();
    }

    private void Repair()
    {
        using ImageStore other = _store.Reopen();
        var check = new StoreCheck(other, isQuick: false);
        check.Repair(check.Look());
    }

    private Digest Layer() => _store.Images.Get("a").Layers[0].Blob.Digest;

    private string Blob(Digest digest) => $"{_store.Path}/blobs/sha256/{digest.Hex}";

    private string Tree(ChainId chain) => $"{_store.Path}/layers/{chain.Digest.Hex}";

    private void Execute(string sql)
    {
        using SqlDatabase database = SqlDatabase.Open($"{_store.Path}/images.db", CatalogSchema.Current);
        foreach (string statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            database.Change(statement);
        }
    }

    private static string[] Sorted(params string[] texts) => [.. texts.Order(StringComparer.Ordinal)];

    private static void Flip(string path)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Truncate(string path, long size)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(path);
        file.SetLength(size);
    }
}
