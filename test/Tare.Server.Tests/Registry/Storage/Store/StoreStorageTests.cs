// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Net;
using System.Text;
using Tare.Images.Store;
using Tare.Images.Store.Check;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Server.Registry;

namespace Tare.Server.Tests.Registry.Storage.Store;

public sealed class StoreStorageTests : StorageContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly List<ImageUse> _uses = [];

    [Fact]
    public async Task A_pushed_image_can_be_run_and_nothing_was_copied()
    {
        await using Served served = await StartAsync();
        (byte[] manifest, string layer) = await PushAsync(served, "team/app", "1", "hello");

        using ImageStore store = ImageStore.Open(served.Folder);
        StoredImage image = store.Get($"{served.Server.Address}/team/app:1");
        Assert.Equal(Served.DigestOf(manifest), image.Root.ToString());
        using Fd tree = store.Layers.Open(image.Layers[0].Chain);
        Assert.NotNull(tree.TryStatus("hello"u8));
        Assert.Equal(1U, Blob(store, layer).Links);
        Assert.Equal(Encoding.UTF8.GetString(manifest), await served.TextAsync("/v2/team/app/manifests/1"));
        Assert.Equal(layer, Served.DigestOf(await (await served.GetAsync($"/v2/team/app/blobs/{layer}")).Content.ReadAsByteArrayAsync(Ct)));
        Assert.Empty(Directory.GetFiles(served.Folder + "/registry", "*", SearchOption.AllDirectories));
        Assert.Empty(new StoreCheck(store, isQuick: false).Look());
    }

    [Fact]
    public async Task The_bytes_that_were_uploaded_are_the_blob_of_the_store()
    {
        await using Served served = await StartAsync();
        byte[] tar = Tar("file");
        string layer = await served.PushBlobAsync("app", tar);
        ulong uploaded = HostPath.TryStatus($"{served.Folder}/registry/blobs/sha256/{layer[7..]}")!.Value.Inode;

        await PushAsync(served, "app", "1", "file");

        using ImageStore store = ImageStore.Open(served.Folder);
        Assert.Equal(uploaded, Blob(store, layer).Inode);
    }

    [Fact]
    public async Task The_name_is_the_one_that_the_client_called_the_server_by()
    {
        await using Served served = await StartAsync();
        string name = $"localhost:{served.Server.Address.Port}";
        (_, string layer) = await PushAsync(served, "app", "1", "x");
        byte[] manifest = Encoding.UTF8.GetBytes(await served.TextAsync("/v2/app/manifests/1"));

        using HttpResponseMessage local = await served.SendAsync(
            HttpMethod.Put, "/v2/app/manifests/local", manifest, ("Content-Type", Served.ManifestType), ("Host", name));
        using HttpResponseMessage forged = await served.SendAsync(
            HttpMethod.Put, "/v2/app/manifests/forged", manifest, ("Content-Type", Served.ManifestType), ("Host", "docker.io"));

        using ImageStore store = ImageStore.Open(served.Folder);
        Assert.NotNull(store.Find($"{name}/app:local"));
        Assert.NotNull(store.Find($"{served.Server.Address}/app:forged"));
        Assert.Null(store.Find("docker.io/app:forged"));
        Assert.Null(store.Find("app:forged"));
        Assert.NotEmpty(layer);
    }

    [Fact]
    public async Task Images_of_the_engine_are_pulled_by_short_and_full_names_and_stay_the_engines()
    {
        await using Served served = await StartAsync();
        (byte[] manifest, string layer) = await PushAsync(served, "made", "1", "x");
        using ImageStore store = ImageStore.Open(served.Folder);
        store.Tag($"{served.Server.Address}/made:1", Reference.Parse("debian:12"));
        store.Tag($"{served.Server.Address}/made:1", Reference.Parse("ghcr.io/some/thing:2"));

        foreach (string path in new[] { "debian/manifests/12", "library/debian/manifests/12", "docker.io/library/debian/manifests/12", "ghcr.io/some/thing/manifests/2" })
        {
            Assert.Equal(Encoding.UTF8.GetString(manifest), await served.TextAsync($"/v2/{path}"));
        }

        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/debian/blobs/{layer}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/other/blobs/{layer}")).StatusCode);
        Assert.Equal("""{"repositories":["debian","ghcr.io/some/thing","made"]}""", await served.TextAsync("/v2/_catalog"));
        Assert.Equal("""{"name":"debian","tags":["12"]}""", await served.TextAsync("/v2/debian/tags/list"));

        using HttpResponseMessage refused = await served.SendAsync(HttpMethod.Delete, "/v2/debian/manifests/12");
        Assert.Equal("DENIED", await Served.CodeAsync(refused));
        await PushAsync(served, "debian", "12", "other");
        Assert.Equal(Served.DigestOf(manifest), store.Get("debian:12").Root.ToString());
    }

    [Fact]
    public async Task An_index_is_kept_whole_and_its_image_can_be_run()
    {
        await using Served served = await StartAsync();
        (byte[] manifest, _) = await PushAsync(served, "app", null, "x");
        byte[] index = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion": 2, "mediaType": "{{Served.IndexType}}", "manifests": [
              {"mediaType": "{{Served.ManifestType}}", "digest": "{{Served.DigestOf(manifest)}}", "size": {{manifest.Length}}, "platform": {"os": "linux", "architecture": "amd64"} }]}
            """);

        using HttpResponseMessage put = await served.PutManifestAsync("app", "1", index, Served.IndexType);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        using ImageStore store = ImageStore.Open(served.Folder);
        Assert.Equal(Served.DigestOf(index), store.Get($"{served.Server.Address}/app:1").Root.ToString());
        Assert.Equal(Encoding.UTF8.GetString(index), await served.TextAsync("/v2/app/manifests/1"));
        Assert.Equal(Encoding.UTF8.GetString(manifest), await served.TextAsync($"/v2/app/manifests/{Served.DigestOf(manifest)}"));
    }

    [Fact]
    public async Task A_second_push_finds_the_layers_of_the_first_and_a_removed_image_leaves_nothing()
    {
        await using Served served = await StartAsync();
        (byte[] first, string layer) = await PushAsync(served, "app", "1", "shared");
        using HttpResponseMessage head = await served.SendAsync(HttpMethod.Head, $"/v2/app/blobs/{layer}");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);

        using HttpResponseMessage again = await served.PutManifestAsync("app", "2", first);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await served.SendAsync(HttpMethod.Delete, "/v2/app/manifests/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/app/manifests/2")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await served.SendAsync(HttpMethod.Delete, $"/v2/app/manifests/{Served.DigestOf(first)}")).StatusCode);

        using ImageStore store = ImageStore.Open(served.Folder);
        Assert.Empty(store.Blobs.List());
        Assert.Empty(store.Layers.List());
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/app/blobs/{layer}")).StatusCode);
    }

    [Fact]
    public async Task An_image_whose_layer_is_none_is_kept_by_the_registry_alone()
    {
        await using Served served = await StartAsync();

        await served.PushImageAsync("app", "1", "no tar");

        using ImageStore store = ImageStore.Open(served.Folder);
        Assert.Null(store.Find($"{served.Server.Address}/app:1"));
        Assert.Contains("cannot be run here", served.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/app/manifests/1")).StatusCode);
    }

    [Fact]
    public async Task Many_pushes_of_the_same_layers_at_once_end_well()
    {
        await using Served served = await StartAsync();

        await Parallel.ForAsync(0, 8, Ct, async (i, _) => await PushAsync(served, $"app{i % 3}", $"v{i}", $"file{i % 2}"));

        using ImageStore store = ImageStore.Open(served.Folder);
        for (int i = 0; i < 8; i++)
        {
            Assert.NotNull(store.Find($"{served.Server.Address}/app{i % 3}:v{i}"));
            Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/app{i % 3}/manifests/v{i}")).StatusCode);
        }

        Assert.Empty(new StoreCheck(store, isQuick: false).Look());
    }

    private protected override Task<Served> StartAsync(Func<RegistryOptions, RegistryOptions>? change = null) =>
        Served.StartAsync(change: options =>
        {
            options = options with { Store = new(options.Storage + "/registry", () => ImageStore.Open(options.Storage), () => _uses) };
            return change?.Invoke(options) ?? options;
        });

    private static FileStatus Blob(ImageStore store, string digest)
    {
        using Fd file = store.Blobs.TryOpen(Oci.Digest.Parse(digest))!;
        return file.Status();
    }

    private static byte[] Tar(string file)
    {
        using MemoryStream bytes = new();
        using (TarWriter tar = new(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file)
            {
                ModificationTime = DateTimeOffset.UnixEpoch,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file)),
            });
        }

        return bytes.ToArray();
    }

    /// <summary>Pushes an image of one layer with one file; answers its manifest and the layer's digest.</summary>
    private static async Task<(byte[] Manifest, string Layer)> PushAsync(Served served, string repository, string? tag, string file)
    {
        byte[] layer = Tar(file);
        byte[] config = Encoding.UTF8.GetBytes(
            $$"""{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["{{Served.DigestOf(layer)}}"] } }""");
        await served.PushBlobAsync(repository, config);
        string digest = await served.PushBlobAsync(repository, layer);
        byte[] manifest = Served.Manifest(config, layer);
        using HttpResponseMessage put = await served.PutManifestAsync(repository, tag ?? Served.DigestOf(manifest), manifest);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        return (manifest, digest);
    }
}
