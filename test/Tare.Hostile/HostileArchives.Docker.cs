// SPDX-License-Identifier: Apache-2.0
using static Tare.Hostile.RawImage;

namespace Tare.Hostile;

/// <summary>Docker archives whose documents lie, and layers whose compression does.</summary>
public static partial class HostileArchives
{
    private static readonly string[] BadDigests =
    [
        "sha256:../../../../../../../etc/passwd", "sha256:", "sha256:abc", "sha256:" + new string('A', 64), "sha256:" + new string('g', 64),
        "sha1:" + new string('a', 40), "md5:" + new string('a', 32), new string('a', 64), "SHA256:" + new string('a', 64),
        "sha256:" + new string('a', 63) + "/", "sha256:" + new string('a', 65), "../" + new string('a', 64), "", ":", "sha512:" + new string('a', 64),
    ];

    private static IEnumerable<HostileArchive> DockerDocuments(string canary)
    {
        string config = Config(Digest(SmallLayer));
        foreach (string manifest in new[]
        {
            "", "null", "[]", "{}", "[null]", "[1]", "not json", "[{", "[{}]", """[{"Config":5,"Layers":[]}]""",
            """[{"Config":null,"Layers":["layer.tar"]}]""", """[{"Config":"config.json","Layers":{}}]""",
            """[{"Config":"config.json","Layers":[null]}]""", """[{"Config":"config.json","Layers":[7]}]""",
            new string('[', 100_000), """[{"Config":"config.json","Layers":["layer.tar"]}] trailing""",
        })
        {
            string shown = manifest.Length > 50 ? $"{manifest.Length} brackets" : manifest;
            yield return Bad($"docker: manifest.json {shown}", WithManifest(manifest, config));
        }

        yield return Bad("docker: manifest.json of 8 MiB", WithManifest("[" + new string(' ', 8 << 20) + "]", config), "manifest.json");
        foreach (string name in new[] { "../x.json", "/etc/passwd", "nothing.json", canary + "/file", "", ".", "..", "layer.tar", "x\\u0000y" })
        {
            yield return Bad($"docker: config {name}", WithManifest(DockerManifest(name, "layer.tar"), config));
        }

        foreach (string name in new[] { "../x", "/etc/passwd", "nothing.tar", canary + "/file", "", "..", "../../../../../../etc/passwd" })
        {
            yield return Bad($"docker: layer {name}", WithManifest(DockerManifest("config.json", name), config));
        }

        foreach (string target in new[] { "/etc/passwd", "../../../../etc/passwd", canary + "/file", "layer.tar", "a/b" })
        {
            RawTar tar = new RawTar().Symlink("layer.tar", target);
            yield return Bad($"docker: layer is a link to {target}", WithDocuments(tar, config, DockerManifest("config.json", "layer.tar")), "layer");
        }

        yield return Bad("docker: layer is a hard link out", WithDocuments(new RawTar().HardLink("layer.tar", "/etc/passwd"), config, DockerManifest("config.json", "layer.tar")), "layer");
        yield return Bad("docker: layer is a directory", WithDocuments(new RawTar().Directory("layer.tar"), config, DockerManifest("config.json", "layer.tar")), "layer");
        yield return Bad("docker: layer is a fifo", WithDocuments(new RawTar().Fifo("layer.tar"), config, DockerManifest("config.json", "layer.tar")), "layer");
        foreach ((string name, string document) in Configs())
        {
            yield return Bad($"docker: config {name}", WithManifest(DockerManifest("config.json", "layer.tar"), document));
        }

        foreach (string name in new[] { "../../x", "UPPER", "a:b:c", "", "x y", "x\\n", new string('n', 5000), "a//b", "-x", "x:" + new string('t', 200) })
        {
            string manifest = DockerManifest("config.json", "layer.tar").Replace("hostile:latest", name, StringComparison.Ordinal);
            yield return Bad($"docker: named {(name.Length > 50 ? name[..50] : name)}", WithManifest(manifest, config), "manifest.json");
        }
    }

    private static IEnumerable<(string Name, string Document)> Configs()
    {
        string right = Digest(SmallLayer);
        yield return ("that is no json", "config");
        yield return ("that is a list", "[]");
        yield return ("that is null", "null");
        yield return ("that is empty", "");
        yield return ("without rootfs", """{"architecture":"amd64","os":"linux"}""");
        yield return ("with no layers", Config());
        yield return ("with two layers", Config(right, right));
        yield return ("with another layer", Config(Digest([1])));
        yield return ("with a null layer", """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[null]}}""");
        yield return ("with layers of a wrong type", """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":"x"}}""");
        yield return ("with manifests in it", Config(right).Replace("\"config\":{}", "\"manifests\":[],\"layers\":[],\"config\":5", StringComparison.Ordinal));
        yield return ("100,000 deep", new string('{', 100_000));
        yield return ("of 12 MiB", Config(right) + new string(' ', 12 << 20));
        foreach (string digest in BadDigests)
        {
            yield return ($"with diff id {digest}", Config(digest));
        }
    }

    private static IEnumerable<HostileArchive> Compressed()
    {
        byte[] gzip = HostileLayers.Gzip(SmallLayer);
        string diffId = Digest(SmallLayer);
        yield return Bad("gzip: cut", Docker(gzip[..^12], diffId));
        yield return Bad("gzip: wrong sum", Docker(Flip(gzip, ^6), diffId));
        yield return Bad("gzip: wrong length", Docker(Flip(gzip, ^1), diffId));
        yield return Bad("gzip: magic only", Docker([0x1f, 0x8b], diffId));
        yield return Bad("gzip: noise behind the magic", Docker([0x1f, 0x8b, 8, 0, .. new byte[200]], diffId));
        yield return Bad("gzip: another diff id", Docker(gzip, Digest([1])));
        yield return Bad("gzip: diff id of the compressed bytes", Docker(gzip, Digest(gzip)));
        yield return Bad("gzip: twice", Docker(HostileLayers.Gzip(gzip), diffId));
        yield return Bad("zstd: magic only", Docker([0x28, 0xb5, 0x2f, 0xfd], diffId));
        yield return Bad("zstd: cut", Docker(ZstdBomb()[..100], diffId));
        yield return Bad("zstd: window of 2 TiB", Docker([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 1, 0, 0], diffId));
        yield return Bad("xz: magic only", Docker([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], diffId));
        yield return Bad("bomb: a gigabyte of zeros by zstd", Docker(ZstdBomb(), diffId));
        yield return Bad("bomb: zeros behind the end by zstd", Docker(ZstdBomb(header: false), diffId));
        yield return Bad("bomb: the whole input by zstd", ZstdBomb());
    }

    /// <summary>A frame of run-length blocks: 128 KiB of zeros for every 4 bytes.</summary>
    private static byte[] ZstdBomb(bool header = true)
    {
        using MemoryStream frame = new();
        frame.Write([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]); // no checksum, no size, window 128 KiB
        if (header)
        {
            byte[] block = new RawHeader("zeros", '0', 1L << 30).Sealed();
            int raw = block.Length << 3;
            frame.Write([(byte)raw, (byte)(raw >> 8), (byte)(raw >> 16), .. block]);
        }

        const int RunLength = ((128 * 1024) << 3) | 2;
        for (int i = 0; i < 1 << 13; i++)
        {
            frame.Write([RunLength & 0xff, (RunLength >> 8) & 0xff, RunLength >> 16, 0]);
        }

        frame.Write([1, 0, 0]);
        return frame.ToArray();
    }

    private static byte[] WithManifest(string manifest, string config) =>
        WithDocuments(new RawTar().Add(new RawHeader("layer.tar", '0', SmallLayer.Length), SmallLayer), config, manifest);

    private static byte[] WithDocuments(RawTar tar, string config, string manifest)
    {
        byte[] configBytes = Utf8(config);
        byte[] manifestBytes = Utf8(manifest);
        return tar
            .Add(new RawHeader("config.json", '0', configBytes.Length), configBytes)
            .Add(new RawHeader("manifest.json", '0', manifestBytes.Length), manifestBytes)
            .End();
    }
}
