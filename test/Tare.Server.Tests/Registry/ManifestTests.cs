// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tare.Server.Tests.Registry;

public sealed class ManifestTests
{
    private static readonly byte[] Config = Encoding.UTF8.GetBytes("{}");
    private static readonly byte[] Layer = Encoding.UTF8.GetBytes("layer");

    [Fact]
    public async Task A_manifest_whose_children_are_missing_is_refused_and_each_is_named()
    {
        await using Served served = await Served.StartAsync();
        using HttpResponseMessage put = await served.PutManifestAsync("app", "v1", Served.Manifest(Config, Layer));

        string text = await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", await Served.CodeAsync(put));
        Assert.Contains(Served.DigestOf(Config), text, StringComparison.Ordinal);
        Assert.Contains(Served.DigestOf(Layer), text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await served.GetAsync("/v2/app/manifests/v1")).StatusCode);
    }

    [Fact]
    public async Task What_is_no_manifest_is_refused()
    {
        await using Served served = await Served.StartAsync();
        byte[] good = await served.PushImageAsync("app", "v1");
        string text = Encoding.UTF8.GetString(good);
        foreach ((string reference, byte[] bytes, string type, string code, int status) in new[]
        {
            ("v2", "not json"u8.ToArray(), Served.ManifestType, "MANIFEST_INVALID", 400),
            ("v2", "{}"u8.ToArray(), Served.ManifestType, "MANIFEST_INVALID", 400),
            ("v2", good, Served.IndexType, "MANIFEST_INVALID", 400),
            ("v2", good, "text/plain", "MANIFEST_INVALID", 400),
            ("v2", good, "nonsense", "MANIFEST_INVALID", 400),
            ("v2", Encoding.UTF8.GetBytes(text.Replace("\"layers\"", "\"manifests\": [], \"layers\"", StringComparison.Ordinal)),
                Served.ManifestType, "MANIFEST_INVALID", 400),
            ("-v2", good, Served.ManifestType, "MANIFEST_INVALID", 400),
            (new string('a', 129), good, Served.ManifestType, "MANIFEST_INVALID", 400),
            (Served.DigestOf(Layer), good, Served.ManifestType, "DIGEST_INVALID", 400),
            ("v2", new byte[(4 << 20) + 1], Served.ManifestType, "MANIFEST_INVALID", 413),
        })
        {
            using HttpResponseMessage put = await served.PutManifestAsync("app", reference, bytes, type);
            Assert.Equal((reference, type, status), (reference, type, (int)put.StatusCode));
            Assert.Equal(code, await Served.CodeAsync(put));
        }
    }

    [Fact]
    public async Task A_manifest_is_pushed_by_a_digest_of_either_kind()
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("app", "v1");
        string digest = "sha512:" + Convert.ToHexStringLower(SHA512.HashData(manifest));
        using HttpResponseMessage put = await served.PutManifestAsync("app", digest, manifest);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(Encoding.UTF8.GetString(manifest), await served.TextAsync($"/v2/app/manifests/{digest}"));
    }

    [Fact]
    public async Task An_index_needs_its_manifests()
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("app", "v1");
        byte[] index = Index(Served.DigestOf(manifest), manifest.Length);
        using HttpResponseMessage there = await served.PutManifestAsync("app", "all", index, Served.IndexType);
        using HttpResponseMessage missing = await served.PutManifestAsync(
            "app", "bad", Index(Served.DigestOf(Layer), Layer.Length), Served.IndexType);

        Assert.Equal(HttpStatusCode.Created, there.StatusCode);
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", await Served.CodeAsync(missing));
    }

    [Fact]
    public async Task A_tag_moves_to_what_was_pushed_last()
    {
        await using Served served = await Served.StartAsync();
        byte[] one = await served.PushImageAsync("app", "v", "one");
        byte[] two = await served.PushImageAsync("app", "v", "two");

        Assert.Equal(Encoding.UTF8.GetString(two), await served.TextAsync("/v2/app/manifests/v"));
        Assert.Equal(Encoding.UTF8.GetString(one), await served.TextAsync($"/v2/app/manifests/{Served.DigestOf(one)}"));
    }

    [Fact]
    public async Task Referrers_are_listed_and_filtered_whether_the_subject_is_there_or_not()
    {
        await using Served served = await Served.StartAsync();
        byte[] subject = Served.Manifest(Config, Layer);
        string digest = Served.DigestOf(subject);
        string about = $"\"subject\": {{\"mediaType\": \"{Served.ManifestType}\", \"digest\": \"{digest}\", \"size\": {subject.Length}}},";
        await served.PushImageAsync("app", "sig", "signature", about + "\"artifactType\": \"example/signature\", \"annotations\": {\"who\": \"me\"},");
        byte[] sbom = await served.PushImageAsync("app", "sbom", "sbom", about + "\"artifactType\": \"example/sbom\",");
        byte[] bare = await served.PushImageAsync("app", "bare", "bare", about);
        using HttpResponseMessage put = await served.PutManifestAsync("app", Served.DigestOf(bare), bare);
        using HttpResponseMessage all = await served.GetAsync($"/v2/app/referrers/{digest}");
        using HttpResponseMessage some = await served.GetAsync($"/v2/app/referrers/{digest}?artifactType=example/signature");

        Assert.Equal(digest, Served.Header(put, "OCI-Subject"));
        Assert.Equal(Served.IndexType, all.Content.Headers.ContentType?.ToString());
        Assert.Equal(3, (await ManifestsAsync(all)).Count);
        JsonElement found = Assert.Single(await ManifestsAsync(some));
        Assert.Equal("me", found.GetProperty("annotations").GetProperty("who").GetString());
        Assert.Equal("artifactType", Served.Header(some, "OCI-Filters-Applied"));
        Assert.Contains(await ManifestsAsync(all), entry =>
            entry.GetProperty("artifactType").GetString() == "application/vnd.oci.image.config.v1+json");

        await served.SendAsync(HttpMethod.Delete, $"/v2/app/manifests/{Served.DigestOf(sbom)}");
        using HttpResponseMessage left = await served.GetAsync($"/v2/app/referrers/{digest}");
        using HttpResponseMessage none = await served.GetAsync($"/v2/other/referrers/{digest}");
        Assert.Equal(2, (await ManifestsAsync(left)).Count);
        Assert.Empty(await ManifestsAsync(none));
    }

    [Fact]
    public async Task Referrers_that_do_not_fit_on_a_page_are_on_the_next()
    {
        await using Served served = await Served.StartAsync();
        string digest = Served.DigestOf(Config);
        string about = $"\"subject\": {{\"mediaType\": \"{Served.ManifestType}\", \"digest\": \"{digest}\", \"size\": 2}},";
        for (int i = 0; i < 3; i++)
        {
            await served.PushImageAsync(
                "app", $"v{i}", more: $"{about} \"annotations\": {{\"pad\": \"{i}{new string('x', 3 << 19)}\"}},");
        }

        using HttpResponseMessage first = await served.GetAsync($"/v2/app/referrers/{digest}");
        string link = Served.Header(first, "Link");
        using HttpResponseMessage second = await served.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);

        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.Equal("", Served.Header(second, "Link"));
        Assert.Equal(3, (await ManifestsAsync(first)).Concat(await ManifestsAsync(second))
            .Select(entry => entry.GetProperty("digest").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_tag_of_the_fallback_schema_is_a_tag_like_any_other()
    {
        await using Served served = await Served.StartAsync();
        byte[] manifest = await served.PushImageAsync("app", "v1");
        string tag = Served.DigestOf(manifest).Replace(':', '-');
        using HttpResponseMessage put = await served.PutManifestAsync(
            "app", tag, Index(Served.DigestOf(manifest), manifest.Length), Served.IndexType);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync($"/v2/app/manifests/{tag}")).StatusCode);
    }

    private static byte[] Index(string digest, int size) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{Served.IndexType}}","manifests":[{"mediaType":"{{Served.ManifestType}}","digest":"{{digest}}","size":{{size}}}]}""");

    private static async Task<List<JsonElement>> ManifestsAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("manifests").EnumerateArray()];
    }
}
