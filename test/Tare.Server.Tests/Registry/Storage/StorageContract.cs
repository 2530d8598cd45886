// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tare.Server.Registry;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Tests.Registry.Storage;

/// <summary>What every storage of a registry does, seen through the protocol.</summary>
public abstract class StorageContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A registry over an empty storage of the kind.</summary>
    private protected abstract Task<Served> StartAsync(Func<RegistryOptions, RegistryOptions>? change = null);

    [Fact]
    public async Task What_was_pushed_is_pulled_byte_for_byte()
    {
        await using Served served = await StartAsync();

        byte[] manifest = await served.PushImageAsync("team/app", "v1", "content");

        using HttpResponseMessage byTag = await served.GetAsync("/v2/team/app/manifests/v1");
        Assert.Equal(manifest, await byTag.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(Served.ManifestType, byTag.Content.Headers.ContentType!.MediaType);
        using HttpResponseMessage byDigest = await served.GetAsync($"/v2/team/app/manifests/{Served.DigestOf(manifest)}");
        Assert.Equal(manifest, await byDigest.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("content", await served.TextAsync($"/v2/team/app/blobs/{Digest("content")}"));
    }

    [Fact]
    public async Task A_large_blob_goes_both_ways_whole_and_in_ranges()
    {
        await using Served served = await StartAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(37 << 20);

        string digest = await served.PushBlobAsync("app", bytes);

        using HttpResponseMessage all = await served.GetAsync($"/v2/app/blobs/{digest}");
        Assert.Equal(bytes.Length, all.Content.Headers.ContentLength);
        Assert.Equal(digest, Served.DigestOf(await all.Content.ReadAsByteArrayAsync(Ct)));
        using HttpResponseMessage part = await served.SendAsync(
            HttpMethod.Get, $"/v2/app/blobs/{digest}", null, ("Range", $"bytes={bytes.Length - 5}-"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[^5..], await part.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Blobs_with_a_wrong_digest_are_not_kept()
    {
        await using Served served = await StartAsync();

        using HttpResponseMessage refused =
            await served.SendAsync(HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={Digest("right")}", "wrong"u8.ToArray());

        Assert.Equal("DIGEST_INVALID", await Served.CodeAsync(refused));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/app/blobs/{Digest("right")}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/app/blobs/{Digest("wrong")}")).StatusCode);
    }

    [Fact]
    public async Task An_upload_goes_on_in_chunks()
    {
        await using Served served = await StartAsync();
        string path = await served.StartUploadAsync("app");

        await served.SendAsync(HttpMethod.Patch, path, "con"u8.ToArray());
        using HttpResponseMessage patched = await served.SendAsync(HttpMethod.Patch, path, "te"u8.ToArray(), ("Content-Range", "3-4"));
        using HttpResponseMessage put = await served.SendAsync(HttpMethod.Put, $"{path}?digest={Digest("content")}", "nt"u8.ToArray());

        Assert.Equal("0-4", Served.Header(patched, "Range"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("content", await served.TextAsync($"/v2/app/blobs/{Digest("content")}"));
    }

    [Fact]
    public async Task Blobs_are_seen_where_they_were_pushed_or_mounted_alone()
    {
        await using Served served = await StartAsync();
        string digest = await served.PushBlobAsync("app", "content"u8.ToArray());

        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/other/blobs/{digest}")).StatusCode);
        using HttpResponseMessage wrong = await served.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}&from=third");
        Assert.Equal(HttpStatusCode.Accepted, wrong.StatusCode);
        using HttpResponseMessage mounted = await served.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}&from=app");
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal("content", await served.TextAsync($"/v2/other/blobs/{digest}"));
    }

    [Fact]
    public async Task A_manifest_without_its_blobs_is_refused()
    {
        await using Served served = await StartAsync();
        string config = await served.PushBlobAsync("app", "{}"u8.ToArray());
        byte[] manifest = Served.Manifest("{}"u8.ToArray(), "missing"u8.ToArray());

        using HttpResponseMessage put = await served.PutManifestAsync("app", "v1", manifest);

        Assert.Equal("MANIFEST_BLOB_UNKNOWN", await Served.CodeAsync(put));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Assert.NotEmpty(config);
    }

    [Fact]
    public async Task Tags_and_repositories_are_listed_in_pages()
    {
        await using Served served = await StartAsync();
        foreach (string tag in new[] { "b", "a", "c", "d", "e" })
        {
            await served.PushImageAsync("team/app", tag);
        }

        await served.PushImageAsync("another", "v1");

        Assert.Equal("""{"name":"team/app","tags":["a","b","c","d","e"]}""", await served.TextAsync("/v2/team/app/tags/list"));
        Assert.Equal("""{"name":"team/app","tags":["c","d"]}""", await served.TextAsync("/v2/team/app/tags/list?n=2&last=b"));
        Assert.Equal("""{"repositories":["another","team/app"]}""", await served.TextAsync("/v2/_catalog"));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/nobody/tags/list")).StatusCode);
    }

    [Fact]
    public async Task A_tag_moves_and_is_removed()
    {
        await using Served served = await StartAsync();
        byte[] old = await served.PushImageAsync("app", "v1", "old");
        byte[] young = await served.PushImageAsync("app", "v1", "young");

        Assert.Equal(Encoding.UTF8.GetString(young), await served.TextAsync("/v2/app/manifests/v1"));
        await served.SendAsync(HttpMethod.Delete, "/v2/app/manifests/v1");

        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/app/manifests/v1")).StatusCode);
        Assert.Equal(Encoding.UTF8.GetString(old), await served.TextAsync($"/v2/app/manifests/{Served.DigestOf(old)}"));
    }

    [Fact]
    public async Task A_removed_manifest_takes_its_tags_and_its_entry_as_a_referrer()
    {
        await using Served served = await StartAsync();
        byte[] subject = await served.PushImageAsync("app", "v1");
        string of = $"/v2/app/referrers/{Served.DigestOf(subject)}";
        byte[] referrer = await served.PushImageAsync(
            "app", "sig", "signature",
            $$"""
            "artifactType": "x/signature", "subject": {"mediaType": "{{Served.ManifestType}}", "digest": "{{Served.DigestOf(subject)}}", "size": {{subject.Length}}},
            """);
        Assert.Contains(Served.DigestOf(referrer), await served.TextAsync(of), StringComparison.Ordinal);

        using HttpResponseMessage removed = await served.SendAsync(HttpMethod.Delete, $"/v2/app/manifests/{Served.DigestOf(referrer)}");

        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
        Assert.DoesNotContain(Served.DigestOf(referrer), await served.TextAsync(of), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/app/manifests/sig")).StatusCode);
    }

    [Fact]
    public async Task Garbage_goes_and_what_manifests_name_stays()
    {
        await using Served served = await StartAsync(static options => options with { Grace = TimeSpan.FromSeconds(1) });
        await served.PushImageAsync("app", "v1", "needed");
        string garbage = await served.PushBlobAsync("app", "garbage"u8.ToArray());
        await Task.Delay(2100, Ct);

        Collected collected = await served.Server.CollectAsync(Ct);

        Assert.Equal(new Collected(1, 7), collected);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/app/blobs/{garbage}")).StatusCode);
        Assert.Equal("needed", await served.TextAsync($"/v2/app/blobs/{Digest("needed")}"));
        Assert.Equal(default, await served.Server.CollectAsync(Ct));
    }

    [Fact]
    public async Task Pushes_and_collections_at_once_lose_nothing()
    {
        await using Served served = await StartAsync(static options => options with { Grace = TimeSpan.FromSeconds(2) });
        using CancellationTokenSource stop = new();
        Task collecting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await served.Server.CollectAsync(CancellationToken.None);
                await Task.Delay(1, CancellationToken.None);
            }
        }, Ct);

        for (int round = 0; round < 4; round++)
        {
            await Parallel.ForAsync(0, 6, Ct, async (i, _) =>
            {
                await served.PushImageAsync($"app{i % 2}", $"v{i}", $"content {i % 3}");
                Assert.Equal($"content {i % 3}", await served.TextAsync($"/v2/app{i % 2}/blobs/{Digest($"content {i % 3}")}"));
            });
            await Task.Delay(600, Ct);
        }

        await stop.CancelAsync();
        await collecting;
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal($"content {i % 3}", await served.TextAsync($"/v2/app{i % 2}/blobs/{Digest($"content {i % 3}")}"));
        }
    }

    private protected static string Digest(string content) => Served.DigestOf(Encoding.UTF8.GetBytes(content));
}
