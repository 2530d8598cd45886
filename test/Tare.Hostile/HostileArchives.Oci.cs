// SPDX-License-Identifier: Apache-2.0
using static Tare.Hostile.RawImage;

namespace Tare.Hostile;

/// <summary>OCI layouts whose documents contradict each other, and blobs that are not what they are named.</summary>
public static partial class HostileArchives
{
    private static byte[] RightConfig => Utf8(Config(Digest(SmallLayer)));

    private static byte[] RightManifest => Utf8(Manifest(Descriptor(ConfigType, RightConfig), Descriptor(LayerType, SmallLayer)));

    private static IEnumerable<HostileArchive> OciDocuments(string canary)
    {
        string right = Descriptor(ManifestType, RightManifest);
        foreach (string mark in new[] { "", "null", "{}", "[]", "x", """{"imageLayoutVersion":"9.0.0"}""", """{"imageLayoutVersion":1}""" })
        {
            yield return Bad($"oci: oci-layout {mark}", Files(
                ("oci-layout", Utf8(mark)), ("index.json", Utf8(Index(right))), Blob(RightConfig), Blob(RightManifest), Blob(SmallLayer)), "oci-layout");
        }

        yield return Bad("oci: no oci-layout", Files(("index.json", Utf8(Index(right))), Blob(RightConfig), Blob(RightManifest), Blob(SmallLayer)), "oci-layout");
        foreach (string index in new[]
        {
            "", "null", "[]", "{}", "x", """{"schemaVersion":1,"manifests":[]}""", """{"schemaVersion":2,"manifests":null}""",
            """{"schemaVersion":2,"manifests":[null]}""", """{"schemaVersion":2,"manifests":[{}]}""", """{"schemaVersion":2,"manifests":5}""",
            """{"schemaVersion":2,"manifests":[]}""", new string('[', 100_000),
            Index(right).Replace("\"manifests\"", "\"layers\":[],\"manifests\"", StringComparison.Ordinal),
            Index(right).Replace(IndexType, ManifestType, StringComparison.Ordinal),
        })
        {
            yield return Bad($"oci: index {(index.Length > 60 ? index[..60] : index)}", Layout(index, RightConfig, RightManifest, SmallLayer));
        }

        foreach (string digest in BadDigests)
        {
            yield return Bad($"oci: manifest digest {digest}", Layout(Index(Descriptor(ManifestType, digest, 10)), RightConfig, RightManifest, SmallLayer));
            yield return Bad($"oci: layer digest {digest}", OfManifest(Manifest(Descriptor(ConfigType, RightConfig), Descriptor(LayerType, digest, 10))));
        }

        foreach (long size in new[] { -1, 0, 1, RightManifest.Length - 1, RightManifest.Length + 1, 5L << 20, long.MaxValue })
        {
            yield return Bad($"oci: manifest size {size}", Layout(Index(Descriptor(ManifestType, Digest(RightManifest), size)), RightConfig, RightManifest, SmallLayer));
        }

        foreach ((string name, string manifest) in Manifests(canary))
        {
            yield return Bad($"oci: manifest {name}", OfManifest(manifest));
        }

        // containerd and podman look at the bytes too, not at the name of their type
        byte[] plain = new RawTar().File("plain").End();
        yield return new HostileArchive("oci: plain layer named gzip", Oci(plain, LayerType + "+gzip"), false, "");
        yield return new HostileArchive("oci: plain layer named zstd", Oci(plain, LayerType + "+zstd"), false, "");
        yield return Bad("oci: index named as manifest", Layout(Index(Descriptor(ManifestType, Utf8(Index(right)))), RightConfig, RightManifest, SmallLayer, Utf8(Index(right))));
        yield return Bad("oci: manifest named as index", Layout(Index(Descriptor(IndexType, RightManifest)), RightConfig, RightManifest, SmallLayer));
        yield return Bad("oci: manifest named as layer", Layout(Index(Descriptor(LayerType, RightManifest)), RightConfig, RightManifest, SmallLayer));
        yield return Bad("oci: 50 indexes deep", Nested(50, 1));
        yield return Bad("oci: 40 indexes in each of 6", Nested(6, 40));
    }

    private static IEnumerable<(string Name, string Manifest)> Manifests(string canary)
    {
        string config = Descriptor(ConfigType, RightConfig);
        string layer = Descriptor(LayerType, SmallLayer);
        string right = Manifest(config, layer);
        yield return ("with manifests and layers", right.Replace("\"layers\"", "\"manifests\":[],\"layers\"", StringComparison.Ordinal));
        yield return ("with layers twice", right.Replace("\"layers\"", "\"layers\":[],\"layers\"", StringComparison.Ordinal));
        yield return ("of version 1", right.Replace("\"schemaVersion\":2", "\"schemaVersion\":1", StringComparison.Ordinal));
        yield return ("of another media type", right.Replace($"\"mediaType\":\"{ManifestType}\"", $"\"mediaType\":\"{IndexType}\"", StringComparison.Ordinal));
        yield return ("that is null", "null");
        yield return ("that is a list", "[]");
        yield return ("that is no json", "manifest");
        yield return ("without config", right.Replace("\"config\"", "\"conf\"", StringComparison.Ordinal));
        yield return ("without layers", right.Replace("\"layers\"", "\"layer\"", StringComparison.Ordinal));
        yield return ("with no layers", Manifest(config));
        yield return ("with two layers", Manifest(config, layer, layer));
        yield return ("with a null layer", Manifest(config, "null"));
        yield return ("with a config that is a layer", Manifest(layer, layer));
        yield return ("with a layer that is a config", Manifest(config, config));
        yield return ("with a layer that is json", Manifest(config, Descriptor("application/json", SmallLayer)));
        yield return ("with a layer of no type", Manifest(config, Descriptor("", SmallLayer)));
        yield return ("with an encrypted layer", Manifest(config, Descriptor(LayerType + "+encrypted", SmallLayer)));
        yield return ("with a layer one byte longer", Manifest(config, Descriptor(LayerType, Digest(SmallLayer), SmallLayer.Length + 1)));
        yield return ("with a layer one byte shorter", Manifest(config, Descriptor(LayerType, Digest(SmallLayer), SmallLayer.Length - 1)));
        yield return ("with a layer of 2^62 bytes", Manifest(config, Descriptor(LayerType, Digest(SmallLayer), 1L << 62)));
        yield return ("with a layer that is not there", Manifest(config, Descriptor(LayerType, Digest([2]), 1)));
        yield return ("with a layer elsewhere", Manifest(config, Descriptor(LayerType, Digest([2]), 1).Replace("}", $",\"urls\":[\"file://{canary}/file\"]}}", StringComparison.Ordinal)));
        yield return ("with a config that is not there", Manifest(Descriptor(ConfigType, Digest([3]), 1), layer));
        yield return ("with a config one byte longer", Manifest(Descriptor(ConfigType, Digest(RightConfig), RightConfig.Length + 1), layer));
        yield return ("with a config of 12 MiB", Manifest(Descriptor(ConfigType, Digest(RightConfig), 12 << 20), layer));
        yield return ("with 600 layers", Manifest(config, [.. Enumerable.Repeat(layer, 600)]));
        yield return ("100,000 deep", new string('[', 100_000));
    }

    /// <summary>Every blob of a right image flipped in turn, or put there as something else than a file.</summary>
    private static IEnumerable<HostileArchive> OciBlobs(string canary)
    {
        string index = Index(Descriptor(ManifestType, RightManifest));
        byte[][] blobs = [RightConfig, RightManifest, SmallLayer];
        string[] nouns = ["config", "manifest", "layer"];
        for (int i = 0; i < blobs.Length; i++)
        {
            byte[] blob = blobs[i];
            (string Name, byte[] Data) first = ("oci-layout", Utf8(Mark));
            (string Name, byte[] Data)[] rest = [first, ("index.json", Utf8(index)), .. blobs.Where(b => b != blob).Select(Blob)];
            foreach (int at in new[] { 0, blob.Length / 2, blob.Length - 1 })
            {
                yield return Bad($"oci: {nouns[i]} flipped at {at}", Files([.. rest, (BlobName(Digest(blob)), Flip(blob, at))]), Digest(blob));
            }

            yield return Bad($"oci: {nouns[i]} cut", Files([.. rest, (BlobName(Digest(blob)), blob[..^1])]));
            yield return Bad($"oci: {nouns[i]} longer", Files([.. rest, (BlobName(Digest(blob)), [.. blob, 0])]));
            yield return Bad($"oci: {nouns[i]} missing", Files(rest));
            foreach (string target in new[] { "/etc/passwd", "../../../../../../etc/passwd", canary + "/file" })
            {
                RawTar tar = new RawTar().Symlink(BlobName(Digest(blob)), target);
                yield return Bad($"oci: {nouns[i]} is a link to {target}", [.. tar.Cut(), .. Files(rest)]);
            }
        }

        yield return Bad("oci: index.json is a link out", new RawTar().Symlink("index.json", "/etc/passwd").File("oci-layout", Mark).End());
    }

    private static (string Name, byte[] Data) Blob(byte[] bytes) => (BlobName(Digest(bytes)), bytes);

    private static byte[] OfManifest(string manifest)
    {
        byte[] bytes = Utf8(manifest);
        return Layout(Index(Descriptor(ManifestType, bytes)), RightConfig, bytes, SmallLayer);
    }

    private static byte[] Nested(int depth, int width)
    {
        List<byte[]> blobs = [RightConfig, RightManifest, SmallLayer];
        string child = Descriptor(ManifestType, RightManifest);
        for (int i = 0; i < depth; i++)
        {
            byte[] index = Utf8(Index([.. Enumerable.Repeat(child, width)]));
            blobs.Add(index);
            child = Descriptor(IndexType, index);
        }

        return Layout(Index(child), [.. blobs]);
    }
}
