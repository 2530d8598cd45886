// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Images.Archive;
using Tare.Images.Layers;
using Tare.Images.Layout;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Images.Tests.Archive;

/// <summary>Small images and the archives that other tools would make of them.</summary>
internal sealed class Sample
{
    private readonly List<(byte[] Stored, string MediaType, DiffId DiffId)> _layers = [];

    public RunConfig Config { get; init; } = new() { Cmd = ["/bin/sh"], Env = ["PATH=/bin"] };

    public string Created { get; init; } = "2026-01-02T03:04:05.678Z";

    public string Architecture { get; init; } = "amd64";

    public static Sample Of(params (string Path, string Text)[] files) => new Sample().Layer(Tar(files));

    public Sample Layer(byte[] tar, string mediaType = MediaType.OciLayer)
    {
        _layers.Add((mediaType == MediaType.OciLayerGzip ? Gzip(tar) : tar, mediaType, new DiffId(Digest.Of(tar))));
        return this;
    }

    public static byte[] Tar(params (string Path, string Text)[] files)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        foreach ((string path, string text) in files)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            tar.Begin(new TarItem { Name = Encoding.UTF8.GetBytes(path), Size = bytes.Length });
            tar.Write(bytes);
        }
        tar.End();
        return stream.ToArray();
    }

    public static byte[] Tar(params (string Path, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        foreach ((string path, byte[] bytes) in files)
        {
            tar.Begin(new TarItem { Name = Encoding.UTF8.GetBytes(path), Size = bytes.Length });
            tar.Write(bytes);
        }
        tar.End();
        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(to, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }
        return to.ToArray();
    }

    public byte[] ConfigBytes() => new ImageConfig(Architecture, "linux")
    {
        Created = Created,
        Config = Config,
        RootFs = new RootFs { DiffIds = [.. _layers.Select(static l => l.DiffId)] },
        History = [.. _layers.Select((_, i) => new History { Created = Created, CreatedBy = $"step {i}" })],
    }.ToBytes();

    public byte[] ManifestBytes() => new ImageManifest(2, Describe(MediaType.OciConfig, ConfigBytes()))
    {
        MediaType = MediaType.OciManifest,
        Layers = [.. _layers.Select(static l => Describe(l.MediaType, l.Stored))],
    }.ToBytes();

    public Digest Id => Digest.Of(ConfigBytes());

    public Descriptor Manifest => Describe(MediaType.OciManifest, ManifestBytes());

    public static Descriptor Describe(string mediaType, byte[] bytes) => new(mediaType, Digest.Of(bytes), bytes.Length);

    /// <summary>What docker before version 25, podman and skopeo write.</summary>
    public byte[] DockerArchive(params string[] tags)
    {
        string config = Id.Hex + ".json";
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(
            [new DockerManifest(config) { RepoTags = tags, Layers = [.. _layers.Select((_, i) => $"l{i}/layer.tar")] }],
            DockerArchiveJson.Writer.ListDockerManifest);
        return Tar([.. _layers.Select((l, i) => ($"l{i}/layer.tar", l.Stored)), (config, ConfigBytes()), ("manifest.json", manifest)]);
    }

    /// <summary>The blobs of the image with their places in a layout.</summary>
    public (string Path, byte[] Bytes)[] Blobs() =>
        [.. ((IEnumerable<byte[]>)[.. _layers.Select(static l => l.Stored), ConfigBytes(), ManifestBytes()])
            .Select(static b => (LayoutNames.OfBlob(Digest.Of(b)), b)).DistinctBy(static b => b.Item1)];

    /// <summary>An OCI layout in a tar.</summary>
    public byte[] OciArchive(params string[] names) => OciArchive(Blobs(), Manifest, names);

    public static byte[] OciArchive((string Path, byte[] Bytes)[] blobs, Descriptor root, params string[] names)
    {
        var index = new ImageIndex(2)
        {
            Manifests = names.Length == 0
                ? [root]
                : [.. names.Select(n => root with { Annotations = LayoutAnnotations.For(Reference.Parse(n)) })],
        };
        return Tar([("oci-layout", LayoutMark.Bytes.ToArray()), ("index.json", index.ToBytes()), .. blobs]);
    }
}
