// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>What is asked of a registry without fetching an image: manifests, tags, search; and indexes taken whole.</summary>
public class RemoteImageTests
{
    private static readonly RegistryOptions Impatient = RegistryOptions.Default with
    {
        Stall = TimeSpan.FromSeconds(1),
        Attempts = 2,
        Backoff = TimeSpan.FromMilliseconds(1),
    };

    private static readonly Sample Amd = Sample.Of(("a", "amd"));
    private static readonly Sample Arm = new Sample { Architecture = "arm64" }.Layer(Sample.Tar(("a", "arm")));
    private static readonly byte[] Index = new ImageIndex(2)
    {
        MediaType = MediaType.OciIndex,
        Manifests = [.. new[] { Amd, Arm }.Select(static s => s.Manifest with { Platform = new Platform(s.Architecture, "linux") })],
    }.ToBytes();

    [Fact]
    public async Task A_manifest_comes_byte_for_byte()
    {
        using var registry = new EvilRegistry(EvilImage.Usual.Serve);

        RemoteImage image = await RemoteImage.GetAsync(Name(registry), Impatient, TestContext.Current.CancellationToken);
        IReadOnlyList<RemoteImage> all =
            await RemoteImage.GetAllAsync(Name(registry), Impatient, TestContext.Current.CancellationToken);

        Assert.Equal(EvilImage.Usual.Manifest, image.Bytes);
        Assert.False(all[0].IsOfIndex);
        Assert.Equal("linux/amd64", Assert.Single(all).Root.Platform?.ToString());
    }

    [Fact]
    public async Task Of_an_index_all_manifests_come()
    {
        using var registry = new EvilRegistry(ServeIndex);

        IReadOnlyList<RemoteImage> all =
            await RemoteImage.GetAllAsync(Name(registry), Impatient, TestContext.Current.CancellationToken);

        Assert.All(all, static i => Assert.True(i.IsOfIndex));
        Assert.Equal(["linux/amd64", "linux/arm64"], all.Select(static i => i.Root.Platform!.ToString()));
        Assert.Equal(Arm.ManifestBytes(), all[1].Bytes);
        Assert.Equal($"{registry.Name}/app:1@{Arm.Manifest.Digest}", all[1].Name.ToString());
    }

    [Fact]
    public async Task An_index_is_pulled_whole_and_pushed_whole()
    {
        using var registry = new EvilRegistry(ServeIndex);
        using var store = new TestStore();

        PulledImage pulled = await new Pulling(store.Images, Impatient, PullWatch.None) { TakesWhole = true }
            .RunAsync(Name(registry), null, TestContext.Current.CancellationToken);
        store.Images.Tag(Name(registry).ToString(), Name(registry).WithTag("2"));
        registry.Seen.Clear();
        registry.Script = static r => r.Method switch
        {
            "HEAD" => EvilAnswer.Of(404),
            "POST" => EvilAnswer.Of(202, ("Location", "/up")),
            _ => EvilAnswer.Of(201),
        };
        PushedImage pushed = await new Pushing(store.Images, Impatient, static (_, _, _) => { })
            .RunAsync(Name(registry).WithTag("2"), TestContext.Current.CancellationToken);

        Assert.Equal(Digest.Of(Index), pulled.Root);
        Assert.NotNull(store.Images.Find(Name(registry).ToString(), Platform.Parse("linux/arm64", Hardware.Host)));
        Assert.Equal((Digest.Of(Index), (Digest?)null), (pushed.Root.Digest, pushed.Left));
        string[] manifests = [.. registry.Seen.Select(static r => r.Path).Where(static p => p.Contains("/manifests/", StringComparison.Ordinal))];
        Assert.Equal(["/v2/app/manifests/2", $"/v2/app/manifests/{Digest.Of(Index)}"], manifests.Reverse().Take(2));
        Assert.Equal(Index, registry.Seen.Last().Body);
    }

    [Fact]
    public async Task An_index_that_the_registry_has_not_whole_is_not_pulled_as_if_it_had()
    {
        using var registry = new EvilRegistry(static r => r.Path.EndsWith(Arm.Manifest.Digest.ToString(), StringComparison.Ordinal) ? EvilAnswer.Of(404) : ServeIndex(r));
        using var store = new TestStore();

        TareException e = await Assert.ThrowsAsync<TareException>(() => new Pulling(store.Images, Impatient, PullWatch.None) { TakesWhole = true }
            .RunAsync(Name(registry), null, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorKind.NotFound, e.Kind);
        Assert.Contains(Arm.Manifest.Digest.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Null(store.Images.Find(Name(registry).ToString()));
    }

    [Fact]
    public async Task Tags_come_in_the_registrys_order()
    {
        using var registry = new EvilRegistry(static r => r.Path.StartsWith("/v2/app/tags/list", StringComparison.Ordinal)
            ? EvilAnswer.Text("""{"tags":["b","a","not a tag"]}""") : EvilAnswer.Of(404));

        Assert.Equal(["b", "a"], await RemoteImage.TagsAsync(Name(registry), Impatient, TestContext.Current.CancellationToken));
        TareException e = await Assert.ThrowsAsync<TareException>(() => RemoteImage.TagsAsync(
            Reference.Parse($"{registry.Name}/absent"), Impatient, TestContext.Current.CancellationToken));
        Assert.Equal($"tags of {registry.Name}/absent: the registry has no such repository", e.Message);
    }

    [Fact]
    public async Task A_registry_that_offers_search_finds()
    {
        using var registry = new EvilRegistry(static r => r.Path == "/v1/search?q=a%20b&n=7"
            ? EvilAnswer.Text("""{"results":[{"name":"x/app","description":"d","star_count":3,"is_official":true},{"name":"y"}]}""") : EvilAnswer.Of(404));

        IReadOnlyList<SearchHit> hits = await SearchHit.FindAsync($"{registry.Name}/a b", 7, Impatient, TestContext.Current.CancellationToken);

        Assert.Equal([new($"{registry.Name}/x/app", "d", 3, true, false), new($"{registry.Name}/y", "", 0, false, false)], hits);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"results":[5]}""")]
    public async Task One_that_does_not_says_so(int code, string body)
    {
        using var registry = new EvilRegistry(_ => new EvilAnswer(code, System.Text.Encoding.ASCII.GetBytes(body)));

        TareException e = await Assert.ThrowsAsync<TareException>(() =>
            SearchHit.FindAsync($"{registry.Name}/app", 25, Impatient, TestContext.Current.CancellationToken));

        Assert.Equal((ErrorKind.NotSupported, $"{registry.Name}: this registry offers no search"), (e.Kind, e.Message));
    }

    private static EvilAnswer ServeIndex(EvilRequest request)
    {
        string what = request.Path.Split('/')[^1];
        if (what == "1" || what == Digest.Of(Index).ToString())
        {
            return new EvilAnswer(200, Index, ("Content-Type", MediaType.OciIndex));
        }
        (string Path, byte[] Bytes)[] all = [.. Amd.Blobs(), .. Arm.Blobs()];
        byte[]? found = Array.Find(all, b => what.EndsWith(b.Path.Split('/')[^1], StringComparison.Ordinal)).Bytes;
        return found is null ? EvilAnswer.Of(404) : new EvilAnswer(200, found, ("Content-Type", MediaType.OciManifest));
    }

    private static Reference Name(EvilRegistry registry) => Reference.Parse($"{registry.Name}/app:1");
}
