// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>An exported cache of another store. Only what a step asks for is fetched, and nothing of it is believed before it is verified.</summary>
/// <remarks>
/// A record says which layer a key leads to. The key is made of all that the step depends on, its base and, for RUN, the
/// architecture among them, so a record of another store or machine fits or is never asked for. Where the layer goes follows
/// from what it is put on here, not from what the other store said. Safe to use from several threads.
/// </remarks>
internal sealed class CacheImport : IDisposable
{
    private const string BuildKitConfig = "application/vnd.buildkit.cacheconfig.v0";

    private readonly IImageSource _source;
    private readonly Dictionary<string, CachedStep> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CachedMount> _mounts = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, Descriptor> _layers = [];

    private CacheImport(string name, IImageSource source, bool withMounts)
    {
        (Name, _source, WithMounts) = (name, source, withMounts);
    }

    /// <summary>As the user has it.</summary>
    public string Name { get; }

    /// <summary>Cache mounts are filled from it.</summary>
    public bool WithMounts { get; }

    /// <summary>Reads what the source has.</summary>
    /// <param name="name">for people</param>
    /// <param name="source">taken over, also when this fails</param>
    /// <param name="root">a cache, an image that carries its own, or an index of such</param>
    /// <param name="withMounts">cache mounts, too</param>
    /// <param name="ct">stops waiting</param>
    /// <exception cref="TareException">NotSupported: it is another builder's; NotFound: it is no cache; Corrupt</exception>
    public static async Task<CacheImport> OpenAsync(
        string name, IImageSource source, Descriptor root, bool withMounts, CancellationToken ct)
    {
        var import = new CacheImport(name, source, withMounts);
        try
        {
            await import.ReadAsync(root, isInIndex: false, ct);
            return import._steps.Count + import._mounts.Count > 0 ? import : throw NoCache(name);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>What a key leads to, brought into this store; null: nothing here, or it could not be had, which is told.</summary>
    /// <param name="cache">of the build</param>
    /// <param name="key">of a step</param>
    /// <param name="below">what the step begins with</param>
    /// <param name="noted">told what is done</param>
    /// <param name="ct">stops it</param>
    public Taken? TryTake(BuildCache cache, string key, IReadOnlyList<StoredLayer> below, Action<string> noted, CancellationToken ct)
    {
        if (!_steps.TryGetValue(key, out CachedStep? step))
        {
            return null;
        }

        if (step.Blob is not { } blob || step.DiffId is not { } diffId)
        {
            return new Taken(null, step.Inputs);
        }

        try
        {
            Descriptor layer = LayerOf(blob);
            noted($"importing {blob} from {Name}");
            return new Taken(ReceivedLayer.Take(cache, below, layer, new DiffId(diffId), () => Open(layer, ct), ct), step.Inputs);
        }
        catch (TareException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.NotFound or ErrorKind.Unavailable or ErrorKind.NotSupported)
        {
            noted($"not imported: {e.Message}");
            return null;
        }
    }

    /// <summary>Fills a new cache mount; false: it is not here, or could not be had, and the folder is empty.</summary>
    /// <param name="id">of the mount</param>
    /// <param name="store">has the scratch folder for what is on its way</param>
    /// <param name="data">an empty folder; lent</param>
    /// <param name="ct">stops it</param>
    public bool TryFill(string id, ImageStore store, Fd data, CancellationToken ct)
    {
        if (!WithMounts || !_mounts.TryGetValue(id, out CachedMount? mount))
        {
            return false;
        }

        try
        {
            Descriptor blob = LayerOf(mount.Blob);
            using Fd file = store.Blobs.Create(blob.Digest.Algorithm);
            using (var verified = new VerifyingStream(Open(blob, ct), blob, "cache mount"))
            using (var to = new FdStream(file, leaveOpen: true))
            {
                verified.CopyTo(to);
                verified.ReadToEnd();
            }

            file.Seek(0);
            using UnpackingStream tar = Unpacking.Open(new FdStream(file, leaveOpen: true));
            using Root into = Root.From(data.Duplicate());
            LayerWriter.Apply(tar, into, null, LayerLimits.Default.ForCompressed(blob.Size), ct);
            return true;
        }
        catch (Exception e) when (e is CompressionException
            or TareException { Kind: ErrorKind.Corrupt or ErrorKind.NotFound or ErrorKind.Unavailable })
        {
            Empty(data);
            return false;
        }
    }

    public void Dispose() => _source.Dispose();

    private static void Empty(Fd folder)
    {
        const int MaxNames = 1 << 20;
        foreach (byte[] name in folder.SortedNames(MaxNames))
        {
            FileTree.Remove(folder, name);
        }
    }

    private Stream Open(Descriptor content, CancellationToken ct) =>
        _source.OpenAsync(content, ct).GetAwaiter().GetResult()
        ?? throw new TareException(ErrorKind.NotFound, $"{content.Digest}: {Name} does not have it");

    private Descriptor LayerOf(Digest blob) => _layers.GetValueOrDefault(blob)
        ?? throw new TareException(ErrorKind.Corrupt, $"{blob}: {Name} names no such layer");

    private async Task ReadAsync(Descriptor root, bool isInIndex, CancellationToken ct)
    {
        if (root.Kind == ContentKind.Index)
        {
            await ReadIndexAsync(root, isInIndex, ct);
            return;
        }

        ImageManifest manifest = ImageManifest.Parse(await BytesAsync(root, ImageManifest.MaxBytes, ct), root).Value;
        if (manifest.Config.MediaType == BuildKitConfig || manifest.Layers.Any(static layer => layer.MediaType == BuildKitConfig))
        {
            throw OtherBuilder();
        }

        CacheDocument? document = manifest.Config.MediaType == CacheDocument.MediaType
            ? CacheDocument.Parse(await BytesAsync(manifest.Config, CacheDocument.MaxBytes, ct))
            : manifest.Annotations?.GetValueOrDefault(CacheDocument.Annotation) is { } inline ? CacheDocument.Parse(Encoding.UTF8.GetBytes(inline))
            : null;
        if (document is not null)
        {
            Take(document, manifest);
        }
    }

    /// <summary>An image for several platforms has a cache in each; BuildKit's older form of a cache is an index, too.</summary>
    private async Task ReadIndexAsync(Descriptor root, bool isInIndex, CancellationToken ct)
    {
        IReadOnlyList<Descriptor> parts = ImageIndex.Parse(await BytesAsync(root, ImageIndex.MaxBytes, ct), root).Value.Manifests;
        if (parts.Any(static part => part.MediaType == BuildKitConfig))
        {
            throw OtherBuilder();
        }

        foreach (Descriptor part in isInIndex ? [] : parts.Where(static part => part.Kind == ContentKind.Manifest).Take(CopyLimits.Default.Documents))
        {
            await ReadAsync(part, isInIndex: true, ct);
        }
    }

    private void Take(CacheDocument document, ImageManifest manifest)
    {
        foreach (Descriptor layer in manifest.Layers.Where(static layer => layer.Kind == ContentKind.Layer))
        {
            // where else a layer is said to be does not count
            _layers.TryAdd(layer.Digest, new Descriptor(layer.MediaType, layer.Digest, layer.Size));
        }

        foreach (CachedStep step in document.Steps)
        {
            foreach (string key in step.Keys)
            {
                _steps.TryAdd(key, step);
            }
        }

        foreach (CachedMount mount in document.Mounts)
        {
            _mounts.TryAdd(mount.Id, mount);
        }
    }

    private async Task<byte[]> BytesAsync(Descriptor content, int maxBytes, CancellationToken ct)
    {
        if (content.Size > maxBytes)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{content.Digest}: {content.Size} bytes, more than {maxBytes}");
        }

        await using Stream stream = await _source.OpenAsync(content, ct)
            ?? throw new TareException(ErrorKind.NotFound, $"{content.Digest}: {Name} does not have it");
        await using var verified = new VerifyingStream(stream, content, "build cache");
        byte[] bytes = new byte[content.Size];
        verified.ReadExactly(bytes);
        verified.ReadToEnd();
        return bytes;
    }

    private TareException OtherBuilder() => new(
        ErrorKind.NotSupported, $"{Name}: it is a build cache of BuildKit, whose records mean nothing here",
        "export one with tare build --cache-to");

    private static TareException NoCache(string name) => new(
        ErrorKind.NotFound, $"{name}: there is no build cache in it", "an image has one when it was built with --cache-to type=inline");

    /// <summary>A step's result.</summary>
    /// <param name="Layer">null: it changed nothing</param>
    /// <param name="Inputs">what it depended on, in its stored form; null: not told</param>
    internal sealed record Taken(StoredLayer? Layer, byte[]? Inputs);
}
