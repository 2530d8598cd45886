// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>Manifests, indexes and configs that lie: refused with a clear error, and nothing of them stays.</summary>
/// <remarks>The rows of CVE-2014-5282, 2014-9358, 2021-21285, 2021-41190, 2024-3727 and what is near them.</remarks>
public sealed class EvilDocumentTests
{
    private const string Zeros = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private static readonly EvilImage Image = EvilImage.Usual;
    private static readonly string Manifest = Encoding.UTF8.GetString(Image.Manifest);
    private static readonly string Config = Encoding.UTF8.GetString(Image.Config);
    private static readonly string LayerDigest = Digest.Of(Image.Layers[0]).ToString();
    private static readonly string ConfigDigest = Digest.Of(Image.Config).ToString();

    /// <summary>What takes a digest's place.</summary>
    private static readonly string[] NoDigests =
    [
        "", "sha256:", "sha256", Zeros[..^1], Zeros + "0", Zeros.ToUpperInvariant(), "sha256:" + new string('A', 64), "sha1:" + new string('0', 40),
        "md5:" + new string('0', 32), "sha512:" + new string('0', 64), "sha256:../../../../etc/passwd", "../" + Zeros, Zeros + "/..", "sha256:" + new string('g', 64),
        " " + Zeros, Zeros + "\\n", "sha256:" + new string('\u0660', 64), "sha256+b64:" + new string('0', 64), new string('0', 64), "SHA256:" + new string('0', 64),
    ];

    /// <summary>What takes a size's place.</summary>
    private static readonly string[] NoSizes = ["-1", "-9223372036854775808", "9223372036854775808", "1e400", "0.5", "\"1\"", "null", "[]", "1152921504606846976", "99999999999999999999"];

    public static TheoryData<string, string> Manifests =>
    [
        .. NoDigests.Select((text, i) => ($"digest of the layer {i}", Manifest.Replace(LayerDigest, text, StringComparison.Ordinal))),
        .. NoDigests.Select((text, i) => ($"digest of the config {i}", Manifest.Replace(ConfigDigest, text, StringComparison.Ordinal))),
        .. NoSizes.Select((text, i) => ($"size of the layer {i}", Manifest.Replace($":{Image.Layers[0].Length}", $":{text}", StringComparison.Ordinal))),
        .. NoSizes.Select((text, i) => ($"size of the config {i}", Manifest.Replace($":{Image.Config.Length}", $":{text}", StringComparison.Ordinal))),
        ("manifests beside layers", With("\"manifests\":[]")),
        ("an index's manifests beside layers", With($$"""
            "manifests":[{"mediaType":"{{MediaType.OciManifest}}","digest":"{{Zeros}}","size":5}]
            """)),
        ("the oldest schema", Manifest.Replace("\"schemaVersion\":2", "\"schemaVersion\":1", StringComparison.Ordinal)),
        ("a schema to come", Manifest.Replace("\"schemaVersion\":2", "\"schemaVersion\":3", StringComparison.Ordinal)),
        ("a schema in words", Manifest.Replace("\"schemaVersion\":2", "\"schemaVersion\":\"2\"", StringComparison.Ordinal)),
        ("it says it is an index", Manifest.Replace(MediaType.OciManifest, MediaType.OciIndex, StringComparison.Ordinal)),
        ("it says it is docker's", Manifest.Replace(MediaType.OciManifest, MediaType.DockerManifest, StringComparison.Ordinal)),
        ("no config", Manifest.Replace("\"config\"", "\"konfig\"", StringComparison.Ordinal)),
        ("a config of null", "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OciManifest + "\",\"config\":null,\"layers\":[]}"),
        ("layers of null entries", Manifest.Replace("\"layers\":[", "\"layers\":[null,", StringComparison.Ordinal)),
        ("layers of numbers", Manifest.Replace("\"layers\":[", "\"layers\":[1,", StringComparison.Ordinal)),
        ("twice the layers", With("\"layers\":[]")),
        ("twice the config", With("\"config\":{}")),
        ("empty", ""), ("a list", "[]"), ("a string", "\"manifest\""), ("null", "null"), ("a page", "<html>please log in</html>"),
        ("cut", Manifest[..^5]), ("with more behind it", Manifest + Manifest),
        ("deep", "{\"schemaVersion\":2,\"x\":" + new string('[', 50_000) + new string(']', 50_000) + "}"),
        ("no UTF-8", Manifest.Replace("schemaVersion", "schema\uD800Version", StringComparison.Ordinal)),
        ("a layer more than the config knows", Manifest.Replace("\"layers\":[", "\"layers\":[" + Layer() + ",", StringComparison.Ordinal)),
        ("more layers than anybody needs", Manifest.Replace("\"layers\":[", "\"layers\":[" + string.Concat(Enumerable.Repeat(Layer() + ",", 5_000)), StringComparison.Ordinal)),
    ];

    public static TheoryData<string, string> Configs =>
    [
        .. NoDigests.Select((text, i) => ($"diff id {i}", Config.Replace(LayerDigest, text, StringComparison.Ordinal))),
        ("another diff id", Config.Replace(LayerDigest, Zeros, StringComparison.Ordinal)),
        ("no diff ids", Config.Replace("diff_ids", "diff_odds", StringComparison.Ordinal)),
        ("diff ids of null", Config.Replace($"[\"{LayerDigest}\"]", "[null]", StringComparison.Ordinal)),
        ("a diff id too many", Config.Replace($"[\"{LayerDigest}\"]", $"[\"{LayerDigest}\",\"{LayerDigest}\"]", StringComparison.Ordinal)),
        ("diff ids that are no list", Config.Replace($"[\"{LayerDigest}\"]", "{}", StringComparison.Ordinal)),
        ("empty", ""), ("a list", "[]"), ("null", "null"), ("cut", Config[..^3]), ("with more behind it", Config + "{}"),
        ("deep", "{\"x\":" + new string('[', 50_000) + new string(']', 50_000) + "}"),
        ("a variable that is a number", Config.Replace("\"PATH=/bin\"", "7", StringComparison.Ordinal)),
        ("a command that is a number", Config.Replace("\"/bin/sh\"", "{}", StringComparison.Ordinal)),
        ("an architecture that is a list", Config.Replace("\"amd64\"", "[]", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task A_manifest_that_lies_is_refused(string name, string text)
    {
        Assert.True(text != Manifest, $"{name} is the right one");
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        await RefusesAsync(request => request.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new EvilAnswer(200, bytes, ("Content-Type", MediaType.OciManifest))
            : Image.Serve(request));
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public async Task A_config_that_lies_is_refused(string name, string text)
    {
        Assert.True(text != Config, $"{name} is the right one");
        byte[] config = Encoding.UTF8.GetBytes(text);
        byte[] manifest = Encoding.UTF8.GetBytes(Manifest
            .Replace(ConfigDigest, Digest.Of(config).ToString(), StringComparison.Ordinal)
            .Replace($":{Image.Config.Length}", $":{config.Length}", StringComparison.Ordinal));
        await RefusesAsync(request => request.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new EvilAnswer(200, manifest, ("Content-Type", MediaType.OciManifest))
            : request.Path.EndsWith(Digest.Of(config).ToString(), StringComparison.Ordinal) ? new EvilAnswer(200, config) : Image.Serve(request));
    }

    private static async Task RefusesAsync(Func<EvilRequest, EvilAnswer> script)
    {
        using var pull = new EvilPull(script);

        TareException e = await Assert.ThrowsAsync<TareException>(() => pull.RunAsync());

        Assert.NotEqual(ErrorKind.Internal, e.Kind);
        Assert.StartsWith($"pull {pull.Registry.Name}/", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Empty(pull.Store.Names("blobs/sha256"));
        Assert.Empty(pull.Store.Names("layers"));
        Assert.Empty(pull.Store.Images.List(ImageFilter.None));
        Assert.All(pull.Paths, path => Assert.StartsWith("/v2/", path, StringComparison.Ordinal));
    }

    private static string With(string member) => Manifest[..^1] + "," + member + "}";

    private static string Layer() => $$"""{"mediaType":"{{MediaType.OciLayer}}","digest":"{{LayerDigest}}","size":{{Image.Layers[0].Length}}}""";
}
