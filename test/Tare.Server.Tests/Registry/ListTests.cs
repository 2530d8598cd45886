// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;

namespace Tare.Server.Tests.Registry;

public sealed class ListTests
{
    [Fact]
    public async Task Tags_come_in_order_and_in_pages()
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("app", "c");
        foreach (string tag in new[] { "B", "a", "d" })
        {
            await served.PutManifestAsync("app", tag, manifest);
        }

        Assert.Equal(["a", "B", "c", "d"], await PageAsync(served, "/v2/app/tags/list", "tags"));
        using HttpResponseMessage first = await served.GetAsync("/v2/app/tags/list?n=2");
        Assert.Equal("</v2/app/tags/list?last=B&n=2>; rel=\"next\"", Served.Header(first, "Link"));
        Assert.Equal(["c", "d"], await PageAsync(served, "/v2/app/tags/list?last=B&n=2", "tags"));
        Assert.Equal("", Served.Header(await served.GetAsync("/v2/app/tags/list?last=B&n=2"), "Link"));
        Assert.Empty(await PageAsync(served, "/v2/app/tags/list?n=0", "tags"));
        Assert.Equal(["a", "B", "c", "d"], await PageAsync(served, "/v2/app/tags/list?n=999999999", "tags"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_page_of_no_number_is_refused(string n)
    {
        await using Served served = await Served.StartAsync();
        await served.PushImageAsync("app", "v1");
        using HttpResponseMessage response = await served.GetAsync($"/v2/app/tags/list?n={n}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("PAGINATION_NUMBER_INVALID", await Served.CodeAsync(response));
    }

    [Fact]
    public async Task The_catalogue_names_repositories_that_have_a_manifest()
    {
        await using Served served = await Served.StartAsync();
        await served.PushImageAsync("b/c", "v1");
        await served.PushImageAsync("a", "v1");
        await served.PushBlobAsync("blobs-only", [1]);

        Assert.Equal(["a", "b/c"], await PageAsync(served, "/v2/_catalog", "repositories"));
        using HttpResponseMessage first = await served.GetAsync("/v2/_catalog?n=1");
        Assert.Equal("</v2/_catalog?last=a&n=1>; rel=\"next\"", Served.Header(first, "Link"));
        Assert.Equal(["b/c"], await PageAsync(served, "/v2/_catalog?last=a&n=1", "repositories"));
    }

    private static async Task<List<string>> PageAsync(Served served, string path, string member) =>
        [.. JsonDocument.Parse(await served.TextAsync(path)).RootElement.GetProperty(member)
            .EnumerateArray().Select(entry => entry.GetString()!)];
}
