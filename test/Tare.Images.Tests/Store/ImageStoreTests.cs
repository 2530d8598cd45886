// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Oci;

namespace Tare.Images.Tests.Store;

[Trait("ring", "kernel")]
public sealed class ImageStoreTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task An_image_is_found_by_every_form_of_its_name_and_id()
    {
        Sample sample = Sample.Of(("f", ""));
        await _store.LoadAsync(sample.DockerArchive("a:1"));
        string manifest = _store.Images.Get("a:1").Manifest.Digest.ToString();

        Assert.All(
            ["a:1", "docker.io/library/a:1", "library/a:1", sample.Id.ToString(), sample.Id.Hex, sample.Id.Hex[..12], sample.Id.Hex[..1],
                "sha256:" + sample.Id.Hex[..8], manifest, "a@" + manifest, "a:1@" + manifest],
            text => Assert.Equal(sample.Id, _store.Images.Find(text)?.Id));
        Assert.All(
            ["a", "a:2", "b:1", "ffff" + sample.Id.Hex[..4], "b@" + manifest, "other/a:1"],
            text => Assert.Null(_store.Images.Find(text)));
        Assert.Throws<TareException>(() => _store.Images.Find("A:1"));
    }

    [Fact]
    public async Task Finding_gives_the_stack_of_layers_without_reading_a_blob()
    {
        Sample sample = Sample.Of(("f", "")).Layer(Sample.Tar(("g", "")));
        await _store.LoadAsync(sample.DockerArchive("a"));

        StoredImage image = _store.Images.Get("a");

        DiffId[] diffIds = [.. image.Config.RootFs.DiffIds];
        Assert.Equal(diffIds, image.Layers.Select(static l => l.DiffId));
        Assert.Equal(ChainId.Compute(diffIds), image.Layers.Select(static l => l.Chain));
        Assert.Equal(sample.ConfigBytes(), image.ConfigBytes.ToArray());
        Assert.True(_store.Images.Has(image));
    }

    [Fact]
    public async Task A_tag_is_one_more_name_and_moves_when_it_is_taken()
    {
        Sample first = Sample.Of(("f", "1"));
        await _store.LoadAsync(first.DockerArchive("a"));
        await _store.LoadAsync(Sample.Of(("f", "2")).DockerArchive("b"));

        _store.Images.Tag("a", Reference.Parse("b"));

        Assert.Equal(first.Id, _store.Images.Get("b").Id);
        Assert.Equal(3, _store.Images.List(ImageFilter.None).Count);
        Assert.Throws<TareException>(() => _store.Images.Tag("nothing", Reference.Parse("c")));
    }

    [Fact]
    public async Task Filters_choose_rows()
    {
        await _store.LoadAsync(new Sample { Created = "2020-01-01T00:00:00Z", Config = new RunConfig { Labels = new Dictionary<string, string> { ["k"] = "v" } } }
            .Layer(Sample.Tar(("f", "1"))).DockerArchive("old:1", "ghcr.io/x/y:2"));
        await _store.LoadAsync(new Sample { Created = "2021-01-01T00:00:00Z" }.Layer(Sample.Tar(("f", "2"))).OciArchive());

        Assert.Equal(["<none>", "ghcr.io/x/y", "old"], Rows());
        Assert.Equal(["<none>"], Rows("dangling=true"));
        Assert.Equal(["ghcr.io/x/y", "old"], Rows("dangling=false"));
        Assert.Equal(["old"], Rows("reference=o*"));
        Assert.Equal(["ghcr.io/x/y"], Rows("reference=*/*/y:[0-9]"));
        Assert.Equal(["ghcr.io/x/y", "old"], Rows("label=k=v"));
        Assert.Equal(["<none>"], Rows("since=old:1"));
        Assert.Equal(["ghcr.io/x/y", "old"], Rows("until=2020-06-01T00:00:00Z"));
        Assert.Throws<TareException>(() => Rows("colour=red"));
        Assert.Throws<TareException>(() => Rows("dangling=maybe"));
    }

    [Fact]
    public async Task History_and_inspect_tell_what_the_config_says()
    {
        Sample sample = Sample.Of(("f", "12345")).Layer(Sample.Tar(("g", "1")));
        await _store.LoadAsync(sample.DockerArchive("a:1"));

        IReadOnlyList<HistoryRow> rows = _store.Images.History("a:1");
        InspectedImage inspected = _store.Images.Inspect("a:1");

        Assert.Equal([sample.Id, null], rows.Select(static r => r.Id));
        Assert.Equal([1, 5], rows.Select(static r => r.Size));
        Assert.Equal(["a:1"], inspected.RepoTags);
        Assert.Equal(6, inspected.Size);
        Assert.StartsWith("[\n    {\n        \"Id\": \"sha256:", InspectedImage.ToJson([inspected]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*", "a/c", false)]
    [InlineData("*/c", "a/c", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a]x", "ax", false)]
    [InlineData("*b*d", "abcd", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("a", "ab", false)]
    public void Patterns_fit_as_in_go(string pattern, string text, bool fits) => Assert.Equal(fits, NamePattern.Matches(pattern, text.AsSpan()));

    private IEnumerable<string> Rows(params string[] filters) =>
        _store.Images.List(ImageFilter.Parse(filters)).Select(static r => r.Repository).Order(StringComparer.Ordinal);
}
