// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Tare.Conformance;

/// <summary>Small images made in memory.</summary>
public static class SampleImages
{
    /// <summary>A tar with these text files.</summary>
    public static byte[] Tar(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, string text) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        return bytes.ToArray();
    }

    /// <summary>What <c>docker save</c> writes for an image of one layer.</summary>
    public static byte[] DockerArchive(string tag, params (string Name, string Text)[] files)
    {
        byte[] layer = Tar(files);
        string diffId = Convert.ToHexStringLower(SHA256.HashData(layer));
        string config =
            $$"""
            {"architecture":"amd64","os":"linux","created":"2024-05-03T10:00:00Z","config":{"Cmd":["/bin/sh"],"Env":["A=b"]},
            "rootfs":{"type":"layers","diff_ids":["sha256:{{diffId}}"]},"history":[{"created":"2024-05-03T10:00:00Z","created_by":"ADD sample"}]}
            """;
        string configName = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(config)))}.json";
        string manifest = $$"""[{"Config":"{{configName}}","RepoTags":["{{tag}}"],"Layers":["{{diffId}}/layer.tar"]}]""";
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(writer, $"{diffId}/layer.tar", layer);
            Add(writer, configName, Encoding.UTF8.GetBytes(config));
            Add(writer, "manifest.json", Encoding.UTF8.GetBytes(manifest));
        }

        return bytes.ToArray();
    }

    private static void Add(TarWriter writer, string name, byte[] content) => writer.WriteEntry(
        new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
