// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace Tare.Server.Tests.Registry;

public sealed class PullTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("0123456789");

    [Fact]
    public async Task The_base_answers_that_the_protocol_is_spoken()
    {
        await using Served served = await Served.StartAsync();
        using HttpResponseMessage response = await served.GetAsync("/v2/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("registry/2.0", Served.Header(response, "Docker-Distribution-Api-Version"));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData(null)]
    public async Task A_manifest_comes_as_it_was_pushed(string? reference)
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("team/app", "v1");
        string digest = Served.DigestOf(manifest);

        using HttpResponseMessage got = await served.GetAsync($"/v2/team/app/manifests/{reference ?? digest}");
        using HttpResponseMessage head =
            await served.SendAsync(HttpMethod.Head, $"/v2/team/app/manifests/{reference ?? digest}");

        Assert.Equal(manifest, await got.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.All([got, head], response =>
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(digest, Served.Header(response, "Docker-Content-Digest"));
            Assert.Equal($"\"{digest}\"", Served.Header(response, "ETag"));
            Assert.Equal(Served.ManifestType, response.Content.Headers.ContentType?.ToString());
            Assert.Equal(manifest.Length, response.Content.Headers.ContentLength);
        });
    }

    [Fact]
    public async Task What_is_not_there_is_told_in_the_protocol_s_codes()
    {
        await using Served served = await Served.StartAsync();
        string digest = Served.DigestOf(Content);
        foreach ((string path, string code, int status) in new[]
        {
            ($"/v2/app/blobs/{digest}", "BLOB_UNKNOWN", 404),
            ($"/v2/app/manifests/{digest}", "MANIFEST_UNKNOWN", 404),
            ("/v2/app/manifests/latest", "MANIFEST_UNKNOWN", 404),
            ("/v2/app/manifests/.dot", "MANIFEST_UNKNOWN", 404),
            ("/v2/app/tags/list", "NAME_UNKNOWN", 404),
            ("/v2/app/blobs/sha256:abc", "DIGEST_INVALID", 400),
            ("/v2/app/blobs/md5:d41d8cd98f00b204e9800998ecf8427e", "DIGEST_INVALID", 400),
            ("/v2/App/tags/list", "NAME_INVALID", 400),
            ($"/v2/{new string('a', 256)}/tags/list", "NAME_INVALID", 400),
            ("/v2/app/uploads", "UNSUPPORTED", 404),
            ("/elsewhere", "UNSUPPORTED", 404),
        })
        {
            using HttpResponseMessage response = await served.GetAsync(path);
            Assert.Equal((path, status), (path, (int)response.StatusCode));
            Assert.Equal((path, code), (path, await Served.CodeAsync(response)));
        }
    }

    [Theory]
    [InlineData("..%2f..%2fetc")]
    [InlineData("%2e%2e/%2e%2e/blobs")]
    [InlineData("a//b")]
    [InlineData("a+b")]
    [InlineData("a%00b")]
    public async Task A_name_leads_nowhere_else(string name)
    {
        await using Served served = await Served.StartAsync();
        await served.PushImageAsync("a/b", "v1");
        string request = $"GET /v2/{name}/tags/list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        string answer = await RawRequest.SendAsync(served, request);

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "0123", "bytes 0-3/10")]
    [InlineData("bytes=4-", 206, "456789", "bytes 4-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=8-99", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=-99", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=0-0,5-6", 200, "0123456789", "")]
    [InlineData("bytes=5-2", 200, "0123456789", "")]
    [InlineData("lines=1-2", 200, "0123456789", "")]
    [InlineData("bytes=10-", 416, null, "bytes */10")]
    [InlineData("bytes=-0", 416, null, "bytes */10")]
    public async Task A_range_of_a_blob(string range, int status, string? text, string contentRange)
    {
        await using Served served = await Served.StartAsync();
        string digest = await served.PushBlobAsync("app", Content);
        using HttpResponseMessage got =
            await served.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{digest}", null, ("Range", range));

        Assert.Equal(status, (int)got.StatusCode);
        Assert.Equal(contentRange, Served.Header(got, "Content-Range"));
        if (text is not null)
        {
            Assert.Equal(text, await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_blob_that_the_client_has_is_not_sent_again()
    {
        await using Served served = await Served.StartAsync();
        string digest = await served.PushBlobAsync("app", Content);
        string path = $"/v2/app/blobs/{digest}";
        using HttpResponseMessage same =
            await served.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", $"\"{digest}\""));
        using HttpResponseMessage other =
            await served.SendAsync(HttpMethod.Get, path, null, ("Range", "bytes=1-2"), ("If-Range", "\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(10, other.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_blob_is_seen_only_where_it_was_pushed_or_mounted()
    {
        await using Served served = await Served.StartAsync();
        string digest = await served.PushBlobAsync("one", Content);

        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync($"/v2/two/blobs/{digest}")).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((3 << 20) + 7)]
    public async Task A_blob_of_any_size_comes_back(int size)
    {
        await using Served served = await Served.StartAsync();
        byte[] bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        string digest = await served.PushBlobAsync("app", bytes);

        byte[] got = await served.Client.GetByteArrayAsync(
            $"/v2/app/blobs/{digest}", TestContext.Current.CancellationToken);
        Assert.Equal(digest, Served.DigestOf(got));
    }
}
