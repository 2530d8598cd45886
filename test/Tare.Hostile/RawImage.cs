// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace Tare.Hostile;

/// <summary>Images as the bytes of their files, right unless a caller makes them wrong.</summary>
public static class RawImage
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    public const string ConfigType = "application/vnd.oci.image.config.v1+json";
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar";
    public const string Mark = """{"imageLayoutVersion":"1.0.0"}""";

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Config(params string[] diffIds) =>
        """{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[""" + Quoted(diffIds) + "]}}";

    public static string Descriptor(string type, byte[] content) => Descriptor(type, Digest(content), content.Length);

    public static string Descriptor(string type, string digest, long size) =>
        $$"""{"mediaType":"{{type}}","digest":"{{digest}}","size":{{size}}}""";

    public static string Manifest(string config, params string[] layers) =>
        $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{{config}},"layers":[{{string.Join(',', layers)}}]}""";

    public static string Index(params string[] manifests) =>
        $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', manifests)}}]}""";

    /// <summary>A docker archive of one layer, right in everything but the layer.</summary>
    public static byte[] Docker(byte[] layer) => Docker(layer, Digest(layer));

    public static byte[] Docker(byte[] layer, string diffId, string layerName = "layer.tar") =>
        Files(("config.json", Utf8(Config(diffId))), (layerName, layer), ("manifest.json", Utf8(DockerManifest("config.json", layerName))));

    public static string DockerManifest(string config, params string[] layers) =>
        $$"""[{"Config":"{{config}}","RepoTags":["hostile:latest"],"Layers":[{{Quoted(layers)}}]}]""";

    /// <summary>A tar of these files.</summary>
    public static byte[] Files(params (string Name, byte[] Data)[] files)
    {
        RawTar tar = new();
        foreach ((string name, byte[] data) in files)
        {
            tar.Add(new RawHeader(name, '0', data.Length), data);
        }

        return tar.End();
    }

    /// <summary>An OCI layout of one image, right in everything but the layer.</summary>
    public static byte[] Oci(byte[] layer, string layerType = LayerType, string? diffId = null)
    {
        byte[] config = Utf8(Config(diffId ?? Digest(layer)));
        byte[] manifest = Utf8(Manifest(Descriptor(ConfigType, config), Descriptor(layerType, layer)));
        return Layout(Index(Descriptor(ManifestType, manifest)), config, manifest, layer);
    }

    /// <summary>A layout of an index and blobs named by what they are.</summary>
    public static byte[] Layout(string index, params byte[][] blobs) =>
        Files(
        [
            ("oci-layout", Utf8(Mark)), ("index.json", Utf8(index)),
            .. blobs.Select(b => (BlobName(Digest(b)), b)),
        ]);

    public static string BlobName(string digest) => "blobs/" + digest.Replace(':', '/');

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Quoted(string[] texts) => string.Join(',', texts.Select(t => $"\"{t}\""));
}
