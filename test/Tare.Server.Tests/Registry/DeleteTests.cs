// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Tests.Registry;

public sealed class DeleteTests
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(30);

    [Fact]
    public async Task A_deleted_tag_leaves_the_manifest()
    {
        await using Served served = await Served.StartAsync();
        string digest = Served.DigestOf(await served.PushImageAsync("app", "v1"));

        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(served, "/v2/app/manifests/v1"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(served, "/v2/app/manifests/v1"));
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/app/manifests/{digest}")).StatusCode);
    }

    [Fact]
    public async Task A_deleted_manifest_takes_its_tags_along()
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("app", "v1");
        await served.PutManifestAsync("app", "v2", manifest);
        await served.PushImageAsync("app", "other", "other");

        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(served, $"/v2/app/manifests/{Served.DigestOf(manifest)}"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(served, $"/v2/app/manifests/{Served.DigestOf(manifest)}"));
        Assert.Equal("""{"name":"app","tags":["other"]}""", await served.TextAsync("/v2/app/tags/list"));
    }

    [Fact]
    public async Task A_blob_deleted_in_one_repository_stays_in_the_other()
    {
        await using Served served = await Served.StartAsync();
        string digest = await served.PushBlobAsync("one", [1, 2, 3]);
        await served.PushBlobAsync("two", [1, 2, 3]);

        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(served, $"/v2/one/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(served, $"/v2/one/blobs/{digest}"));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/one/blobs/{digest}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/two/blobs/{digest}")).StatusCode);
    }

    [Fact]
    public async Task A_collection_takes_what_nothing_names_and_is_old()
    {
        OtherTime time = new();
        await using Served served = await Served.StartAsync(time: time);
        byte[] kept = await served.PushImageAsync("app", "v1", "kept");
        byte[] dropped = await served.PushImageAsync("app", "v2", "dropped");
        string upload = await served.StartUploadAsync("app");
        await DeleteAsync(served, $"/v2/app/manifests/{Served.DigestOf(dropped)}");

        Assert.Equal(default, await served.Server.CollectAsync(TestContext.Current.CancellationToken));
        time.Offset = Later;
        Assert.Equal(new Collected(1, 7), await served.Server.CollectAsync(TestContext.Current.CancellationToken));
        Assert.Equal(default, await served.Server.CollectAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/app/manifests/{Served.DigestOf(kept)}")).StatusCode);
        Assert.Equal("kept", await served.TextAsync($"/v2/app/blobs/{Served.DigestOf("kept"u8.ToArray())}"));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync(upload)).StatusCode);
        Assert.Contains("tare_registry_collected_bytes_total 7", await served.TextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD", "/v2/app/blobs/{0}", 200)]
    [InlineData("POST", "/v2/two/blobs/uploads/?mount={0}&from=app", 201)]
    public async Task Who_is_told_that_a_blob_is_there_can_rely_on_it(string method, string path, int status)
    {
        await using Served served = await Served.StartAsync();
        string digest = await served.PushBlobAsync("app", [1, 2, 3]);
        string file = Path.Combine(served.Folder, "blobs/sha256", digest[7..]);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromMinutes(100));
        using HttpResponseMessage told = await served.SendAsync(
            new(method), path.Replace("{0}", digest, StringComparison.Ordinal));

        Assert.Equal(status, (int)told.StatusCode);
        Assert.True(File.GetLastWriteTimeUtc(file) > DateTime.UtcNow - TimeSpan.FromMinutes(1));
        Assert.Equal(default, await served.Server.CollectAsync(TestContext.Current.CancellationToken));
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromMinutes(130));
        Assert.Equal(new Collected(1, 3), await served.Server.CollectAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_manifest_keeps_its_repository_from_collection_and_can_be_removed()
    {
        OtherTime time = new();
        await using Served served = await Served.StartAsync(time: time);
        string digest = Served.DigestOf(await served.PushImageAsync("app", "v1"));
        string file = Path.Combine(served.Folder, "repositories/app/manifests/sha256", digest[7..]);
        await File.WriteAllTextAsync(file, Served.ManifestType + "\nbroken", TestContext.Current.CancellationToken);

        time.Offset = Later;
        Assert.Equal(default, await served.Server.CollectAsync(TestContext.Current.CancellationToken));
        Assert.Contains("leaves repository app alone", served.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(served, $"/v2/app/manifests/{digest}"));
        Assert.Equal(2, (await served.Server.CollectAsync(TestContext.Current.CancellationToken)).Blobs);
    }

    [Fact]
    public async Task Pushes_and_collections_at_once_lose_nothing()
    {
        // everything is old at once: only links under the lock, names and the kernel's count protect
        await using Served served = await Served.StartAsync(change: options => options with { Grace = TimeSpan.FromSeconds(2) });
        using CancellationTokenSource stop = new();
        Task collecting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await served.Server.CollectAsync(CancellationToken.None);
                await Task.Delay(1, CancellationToken.None);
            }
        }, TestContext.Current.CancellationToken);

        for (int round = 0; round < 6; round++)
        {
            await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (i, _) =>
            {
                byte[] manifest = await served.PushImageAsync($"app{i % 2}", $"v{i}", $"content {i % 4}");
                await served.SendAsync(HttpMethod.Delete, $"/v2/app{i % 2}/manifests/{(round % 2 == 0 ? "no" : $"v{i}")}");
                Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/app{i % 2}/blobs/{Served.DigestOf(System.Text.Encoding.UTF8.GetBytes($"content {i % 4}"))}")).StatusCode);
            });
            await Task.Delay(700, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await collecting;
        for (int i = 0; i < 8; i++)
        {
            string blob = Served.DigestOf(System.Text.Encoding.UTF8.GetBytes($"content {i % 4}"));
            Assert.Equal($"content {i % 4}", await served.TextAsync($"/v2/app{i % 2}/blobs/{blob}"));
        }

        Assert.DoesNotContain("ended early", served.Log.ToString(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> DeleteAsync(Served served, string path)
    {
        using HttpResponseMessage response = await served.SendAsync(HttpMethod.Delete, path);
        return response.StatusCode;
    }

    private sealed class OtherTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
