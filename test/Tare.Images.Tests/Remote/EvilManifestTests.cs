// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

public class EvilManifestTests
{
    private static readonly EvilImage Image = EvilImage.Usual;

    [Fact]
    public async Task A_manifest_of_another_digest_is_refused()
    {
        using var pull = new EvilPull(r => r.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new EvilAnswer(200, [.. Image.Manifest, (byte)' '], ("Content-Type", MediaType.OciManifest))
            : Image.Serve(r));

        await pull.FailsAsync(ErrorKind.Corrupt, "its bytes have the digest", $"app@{Digest.Of(Image.Manifest)}");
    }

    [Fact]
    public async Task A_tag_that_moves_meanwhile_changes_nothing()
    {
        var later = new EvilImage(Sample.Tar(("later", "bytes")));
        int asked = 0;
        using var pull = new EvilPull(r =>
            r.Path.EndsWith("/manifests/1", StringComparison.Ordinal) && asked++ > 0 ? later.Serve(r) : Image.Serve(r));

        PulledImage first = await pull.RunAsync();

        Assert.Equal(Digest.Of(Image.Manifest), first.Root);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_manifest_without_end_is_refused()
    {
        using var pull = new EvilPull(r => r.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new EvilAnswer(200, [], ("Content-Type", MediaType.OciManifest)) { Length = -1, Send = Endless }
            : Image.Serve(r));

        await pull.FailsAsync(ErrorKind.ResourceExhausted, "more than 4194304 bytes");
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        using var pull = new EvilPull(_ => EvilAnswer.Of(200, ("X-Much", new string('x', 200_000))));

        await pull.FailsAsync(ErrorKind.ResourceExhausted, "headers are larger than 64 KiB");
    }

    [Fact]
    public async Task What_is_no_manifest_is_named()
    {
        using var pull = new EvilPull(r => r.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? EvilAnswer.Text("{}", ("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws"))
            : Image.Serve(r));

        await pull.FailsAsync(ErrorKind.NotSupported, "v1+prettyjws");
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_named()
    {
        using var pull = new EvilPull(Image.Serve);

        await pull.FailsAsync(ErrorKind.NotFound, "app:2: the registry has no such image", "app:2");
    }

    [Fact]
    public async Task A_layer_that_is_not_there_is_named()
    {
        using var pull = new EvilPull(Image.But(_ => EvilAnswer.Of(404)));

        await pull.FailsAsync(ErrorKind.Corrupt, $"layer {Digest.Of(Image.Layers[0])}: it is not there");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_storm_of_refusals_ends(int code)
    {
        using var pull = new EvilPull(_ => EvilAnswer.Of(code));

        await pull.FailsAsync(ErrorKind.Unavailable, code == 429 ? "too many requests" : $"the server answered {code}");

        Assert.Equal(pull.Options.Attempts, pull.Paths.Count(static p => p.Contains("/manifests/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    public async Task A_refusal_that_passes_is_waited_for(int code)
    {
        int count = 0;
        using var pull = new EvilPull(r => count++ % 2 == 1 ? EvilAnswer.Of(code, ("Retry-After", "0")) : Image.Serve(r));

        Assert.True((await pull.RunAsync()).IsNew);
    }

    [Fact]
    public async Task Nobody_waits_an_hour()
    {
        using var pull = new EvilPull(_ => EvilAnswer.Of(429, ("Retry-After", "3600")));

        await pull.FailsAsync(ErrorKind.Unavailable, "asks to wait 3600 s");

        Assert.Single(pull.Paths, static p => p.Contains("/manifests/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_of_tags_without_end_is_left()
    {
        using var pull = new EvilPull(r => r.Path.Contains("/tags/list", StringComparison.Ordinal)
            ? EvilAnswer.Text("""{"tags":["1"]}""", ("Link", "</v2/app/tags/list?n=1000>; rel=\"next\""))
            : Image.Serve(r));

        TareException e = await Assert.ThrowsAsync<TareException>(() => AllAsync(pull));

        Assert.Equal(ErrorKind.Corrupt, e.Kind);
    }

    [Fact]
    public async Task Pages_of_tags_are_followed_at_the_registry_only()
    {
        using var other = new EvilRegistry(Image.Serve);
        using var pull = new EvilPull(r => !r.Path.Contains("/tags/list", StringComparison.Ordinal) ? Image.Serve(r)
            : r.Path.Contains("last", StringComparison.Ordinal)
            ? EvilAnswer.Text("""{"tags":["1"]}""", ("Link", $"<http://{other.Name}/v2/app/tags/list>; rel=\"next\""))
            : EvilAnswer.Text("""{"tags":null}""", ("Link", "</v2/app/tags/list?last=a>; rel=\"next\"")));

        Assert.Single(await AllAsync(pull));

        Assert.Empty(other.Seen);
    }

    private static Task<IReadOnlyList<PulledImage>> AllAsync(EvilPull pull) =>
        new Pulling(pull.Store.Images, pull.Options, PullWatch.None)
            .RunAllAsync(Reference.Parse($"{pull.Registry.Name}/app"), null, TestContext.Current.CancellationToken);

    private static void Endless(Stream stream)
    {
        byte[] spaces = new byte[65536];
        spaces.AsSpan().Fill((byte)' ');
        for (; ; stream.Write(spaces))
        {
        }
    }
}
