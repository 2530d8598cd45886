// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tare.Server.Tests.Registry;

public sealed class PushTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("0123456789");
    private static readonly string ContentDigest = Served.DigestOf(Content);

    [Fact]
    public async Task Chunks_in_order_make_a_blob()
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        using HttpResponseMessage first = await served.SendAsync(
            HttpMethod.Patch, upload, Content[..4], ("Content-Range", "0-3"));
        using HttpResponseMessage status = await served.GetAsync(upload);
        using HttpResponseMessage last = await served.SendAsync(
            HttpMethod.Put, $"{upload}?digest={ContentDigest}", Content[4..], ("Content-Range", "4-9"));

        Assert.Equal((HttpStatusCode.Accepted, "0-3"), (first.StatusCode, Served.Header(first, "Range")));
        Assert.Equal((HttpStatusCode.NoContent, "0-3"), (status.StatusCode, Served.Header(status, "Range")));
        Assert.Equal(upload, status.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        Assert.Equal($"/v2/app/blobs/{ContentDigest}", last.Headers.Location!.ToString());
        Assert.Equal("0123456789", await served.TextAsync($"/v2/app/blobs/{ContentDigest}"));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync(upload)).StatusCode);
    }

    [Theory]
    [InlineData("1-4", 416)]
    [InlineData("3-0", 416)]
    [InlineData("nonsense", 416)]
    [InlineData("0-99999999999999999999", 416)]
    [InlineData("0-1", 400)]
    [InlineData("0-9", 400)]
    public async Task A_chunk_that_lies_about_its_place_is_refused(string range, int status)
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        using HttpResponseMessage refused = await served.SendAsync(
            HttpMethod.Patch, upload, Content[..4], ("Content-Range", range));

        Assert.Equal(status, (int)refused.StatusCode);
        using HttpResponseMessage still = await served.GetAsync(upload);
        Assert.Equal("0-0", Served.Header(still, "Range"));
        using HttpResponseMessage whole =
            await served.SendAsync(HttpMethod.Put, $"{upload}?digest={ContentDigest}", Content);
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
    }

    [Theory]
    [InlineData("0-2")]
    [InlineData("0-20")]
    public async Task A_streamed_chunk_must_have_the_bytes_it_announced(string range)
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        string answer = await RawRequest.SendAsync(
            served,
            $"PATCH {upload} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Range: {range}\r\n"
            + "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        using HttpResponseMessage still = await served.GetAsync(upload);
        Assert.Equal("0-0", Served.Header(still, "Range"));
    }

    [Fact]
    public async Task Bytes_that_are_not_the_digest_s_never_become_a_blob()
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        using HttpResponseMessage wrong =
            await served.SendAsync(HttpMethod.Put, $"{upload}?digest={ContentDigest}", Content[1..]);
        using HttpResponseMessage atOnce =
            await served.SendAsync(HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={ContentDigest}", Content[1..]);
        using HttpResponseMessage none = await served.SendAsync(
            HttpMethod.Put, await served.StartUploadAsync("app"), Content);

        Assert.All([wrong, atOnce, none], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        Assert.Equal("DIGEST_INVALID", await Served.CodeAsync(wrong));
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/app/blobs/{ContentDigest}")).StatusCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(served.Folder, "blobs"), "*", SearchOption.AllDirectories));
        Assert.Single(Directory.GetFiles(Path.Combine(served.Folder, "uploads")));
    }

    [Fact]
    public async Task Sha512_is_as_good()
    {
        await using Served served = await Served.StartAsync();
        string digest = "sha512:" + Convert.ToHexStringLower(SHA512.HashData(Content));
        string upload = await served.StartUploadAsync("app");
        await served.SendAsync(HttpMethod.Patch, upload, Content[..5]);
        using HttpResponseMessage put =
            await served.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", Content[5..]);
        using HttpResponseMessage whole =
            await served.SendAsync(HttpMethod.Post, $"/v2/two/blobs/uploads/?digest={digest}", Content);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        Assert.Equal("0123456789", await served.TextAsync($"/v2/app/blobs/{digest}"));
    }

    [Fact]
    public async Task An_upload_goes_on_after_the_server_was_started_anew()
    {
        string folder = Directory.CreateTempSubdirectory("tare-registry-").FullName;
        string upload;
        await using (Served before = await Served.StartAsync(folder))
        {
            upload = await before.StartUploadAsync("app");
            await before.SendAsync(HttpMethod.Patch, upload, Content[..4], ("Content-Range", "0-3"));
        }

        await using (Served after = await Served.StartAsync(folder))
        {
            using HttpResponseMessage put = await after.SendAsync(
                HttpMethod.Put, $"{upload}?digest={ContentDigest}", Content[4..], ("Content-Range", "4-9"));
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Two_servers_on_one_folder_go_on_with_each_other_s_uploads()
    {
        await using Served one = await Served.StartAsync();
        await using Served two = await Served.StartAsync(one.Folder);
        string upload = await one.StartUploadAsync("app");
        await one.SendAsync(HttpMethod.Patch, upload, Content[..2]);
        await two.SendAsync(HttpMethod.Patch, upload, Content[2..5]);
        await one.SendAsync(HttpMethod.Patch, upload, Content[5..]);
        using HttpResponseMessage put = await two.SendAsync(HttpMethod.Put, $"{upload}?digest={ContentDigest}");

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("0123456789", await one.TextAsync($"/v2/app/blobs/{ContentDigest}"));
    }

    [Fact]
    public async Task An_upload_is_of_one_repository_and_can_be_cancelled()
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");

        using HttpResponseMessage foreign = await served.GetAsync(upload.Replace("/app/", "/two/", StringComparison.Ordinal));
        using HttpResponseMessage cancelled = await served.SendAsync(HttpMethod.Delete, upload);
        using HttpResponseMessage gone = await served.SendAsync(HttpMethod.Patch, upload, Content);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal("BLOB_UPLOAD_UNKNOWN", await Served.CodeAsync(gone));
        Assert.Empty(Directory.GetFiles(Path.Combine(served.Folder, "uploads")));
    }

    [Fact]
    public async Task A_client_that_dies_can_go_on_where_it_was()
    {
        await using Served served = await Served.StartAsync();
        string upload = await served.StartUploadAsync("app");
        using (Socket socket = await RawRequest.ConnectAsync(served))
        {
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"PATCH {upload} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234"),
                TestContext.Current.CancellationToken);
            using HttpResponseMessage busy = await BusyAsync(served, upload);
            Assert.Equal(HttpStatusCode.Conflict, busy.StatusCode);
        }

        HttpResponseMessage put;
        do
        {
            put = await served.SendAsync(HttpMethod.Put, $"{upload}?digest={ContentDigest}", Content, ("Content-Range", "0-9"));
        }
        while (put.StatusCode == HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
    }

    [Fact]
    public async Task A_blob_is_mounted_from_where_it_is()
    {
        await using Served served = await Served.StartAsync();
        await served.PushBlobAsync("one", Content);
        using HttpResponseMessage mounted = await served.SendAsync(
            HttpMethod.Post, $"/v2/two/blobs/uploads/?mount={ContentDigest}&from=one");
        using HttpResponseMessage elsewhere = await served.SendAsync(
            HttpMethod.Post, $"/v2/two/blobs/uploads/?mount={ContentDigest}&from=three");

        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal($"/v2/two/blobs/{ContentDigest}", mounted.Headers.Location!.ToString());
        Assert.Equal("0123456789", await served.TextAsync($"/v2/two/blobs/{ContentDigest}"));
        Assert.Equal(HttpStatusCode.Accepted, elsewhere.StatusCode);
        Assert.NotNull(elsewhere.Headers.Location);
    }

    [Fact]
    public async Task Many_push_the_same_and_different_blobs_at_once()
    {
        await using Served one = await Served.StartAsync();
        await using Served two = await Served.StartAsync(one.Folder);
        await Parallel.ForAsync(0, 40, TestContext.Current.CancellationToken, async (i, _) =>
        {
            Served served = i % 2 == 0 ? one : two;
            await served.PushImageAsync($"app{i % 3}", $"v{i}", $"content {i % 5}");
        });

        string[] stored = Directory.GetFiles(Path.Combine(one.Folder, "blobs/sha256"));
        Assert.Equal(6, stored.Length);
        Assert.All(stored, path => Assert.Equal(
            "sha256:" + Path.GetFileName(path), Served.DigestOf(File.ReadAllBytes(path))));
        Assert.Empty(Directory.GetFiles(Path.Combine(one.Folder, "uploads")));
    }

    /// <summary>Asks until the server has seen the first bytes of the other request.</summary>
    private static async Task<HttpResponseMessage> BusyAsync(Served served, string upload)
    {
        // asking too early would make the other request the one that is refused
        for (int i = 0; i < 500 && !(await served.TextAsync("/metrics")).Contains("in_flight 2\n", StringComparison.Ordinal); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await Task.Delay(100, TestContext.Current.CancellationToken);
        for (int i = 0; ; i++)
        {
            HttpResponseMessage response = await served.SendAsync(
                HttpMethod.Patch, upload, [], ("Content-Range", "5-9"));
            if (response.StatusCode == HttpStatusCode.Conflict || i == 500)
            {
                return response;
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
