// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>The kit of archives for <c>load</c>: every refused layer of the layer kit inside a right image, and broken images.</summary>
public static partial class HostileArchives
{
    /// <summary>Aimed at nothing in particular.</summary>
    public static IEnumerable<HostileArchive> All => For("/var/tmp/tare-canary");

    /// <param name="canary">absolute path of a directory of the host that must stay as it is, with <c>file</c> and <c>dir</c> in it</param>
    public static IEnumerable<HostileArchive> For(string canary) =>
        [.. Layers(canary), .. Inputs(), .. DockerDocuments(canary), .. Compressed(), .. OciDocuments(canary), .. OciBlobs(canary)];

    private static IEnumerable<HostileArchive> Layers(string canary)
    {
        int number = 0;
        foreach (HostileLayer layer in HostileLayers.For(canary))
        {
            // harmless ones make images of odd files: they load
            bool oci = number++ % 3 == 0;
            byte[] archive = oci ? RawImage.Oci(layer.Tar) : RawImage.Docker(layer.Tar);
            yield return new HostileArchive($"layer: {layer.Name}", archive, layer.IsRefused, layer.Error);
        }
    }

    private static IEnumerable<HostileArchive> Inputs()
    {
        byte[] right = RawImage.Docker(SmallLayer);

        // a layer of its own: a store that has a layer already need not look at it again
        byte[] loads = RawImage.Docker(new RawTar().File("harmless").End());
        yield return Bad("input: empty", []);
        yield return Bad("input: zeros", new byte[10_240]);
        yield return Bad("input: text", RawImage.Utf8(new string('x', 2000)));
        yield return Bad("input: compressed nothing", HostileLayers.Gzip([]));
        yield return Bad("input: another tar", new RawTar().File("etc/passwd", "root::0:0").End());
        yield return Bad("input: cut in the middle", right[..(right.Length / 2)]);
        yield return Bad("input: cut in a header", right[..700]);
        yield return Bad("input: more behind the end", [.. right, .. right]);
        yield return Bad("input: wrong checksum", Flip(right, 10));
        yield return Bad("input: compressed and cut", HostileLayers.Gzip(right)[..200]);
        yield return Bad("input: compressed and damaged", Flip(HostileLayers.Gzip(right), 60));
        yield return Bad("input: compressed with a wrong sum", Flip(HostileLayers.Gzip(right), ^6));
        yield return new HostileArchive(
            "input: names that leave, beside a right image",
            [.. new RawTar().File("../../../../tmp/x").Symlink("l", "/etc").File("l/passwd").Cut(), .. loads], false, "");
    }

    private static byte[] SmallLayer => new RawTar().File("f", "content").End();

    private static HostileArchive Bad(string name, byte[] archive, string mentions = "") => new(name, archive, true, mentions);

    private static byte[] Flip(byte[] bytes, Index at)
    {
        byte[] flipped = (byte[])bytes.Clone();
        flipped[at] ^= 0x40;
        return flipped;
    }
}
