// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>What a build used, as the source of one artifact; the same cache gives the same bytes.</summary>
internal sealed class CacheArtifact : IImageSource
{
    private readonly ImageStore _store;
    private readonly Dictionary<Digest, byte[]> _documents = [];
    private readonly Dictionary<Digest, Fd> _files = [];

    private CacheArtifact(ImageStore store) => _store = store;

    /// <summary>The manifest.</summary>
    public Descriptor Root { get; private set; } = null!;

    /// <summary>How many steps, layers and mounts are in it.</summary>
    public (int Steps, int Layers, int Mounts) Counts { get; private set; }

    /// <summary>Steps of a build in their exported form, sorted.</summary>
    /// <param name="cache">of the build; knows what steps depended on</param>
    /// <param name="entries">of the build</param>
    /// <param name="withInputs">also what they depended on</param>
    public static IReadOnlyList<CachedStep> StepsOf(BuildCache cache, IEnumerable<CacheEntry> entries, bool withInputs) =>
    [
        .. entries.Select(entry => ToStep(entry, cache.Known(entry.Keys, entry.Title, entry.Layer), withInputs))
            .DistinctBy(static step => step.Keys[0])
            .OrderBy(static step => step.Keys[0], StringComparer.Ordinal),
    ];

    private static CachedStep ToStep(CacheEntry entry, (IReadOnlyList<string> Keys, byte[]? Inputs) known, bool withInputs) => new(known.Keys)
    {
        Blob = entry.Layer?.Blob.Digest,
        DiffId = entry.Layer?.DiffId.Digest,
        Inputs = withInputs ? known.Inputs : null,
    };

    /// <summary>Those of a build that made the layers of its result: <c>mode=min</c>.</summary>
    public static IEnumerable<CacheEntry> Result(IEnumerable<CacheEntry> entries, IReadOnlyList<StoredLayer> layers)
    {
        HashSet<ChainId> chains = [.. layers.Select(static layer => layer.Chain)];
        return entries.Where(entry => entry.Layer is { } own
            ? chains.Contains(own.Chain)
            : entry.Below.Count == 0 || chains.Contains(entry.Below[^1].Chain));
    }

    /// <param name="cache">of the build; lent</param>
    /// <param name="entries">that go into it</param>
    /// <param name="mounts">ids of cache mounts that go into it; those that are not there are left out</param>
    /// <param name="builder">the builder's folder; lent</param>
    /// <param name="ct">stops the packing</param>
    public static CacheArtifact Make(
        BuildCache cache, IReadOnlyList<CacheEntry> entries, IReadOnlyList<string> mounts, Fd builder, CancellationToken ct)
    {
        var artifact = new CacheArtifact(cache.Alone(static store => store));
        try
        {
            IReadOnlyList<CachedStep> steps = StepsOf(cache, entries, withInputs: true);
            List<Descriptor> layers = [.. entries.Select(static entry => entry.Layer?.Blob).OfType<Descriptor>()
                .Select(static blob => new Descriptor(blob.MediaType, blob.Digest, blob.Size))];
            List<CachedMount> packed = [];
            foreach (string id in mounts)
            {
                if (artifact.Pack(builder, id, ct) is { } blob)
                {
                    layers.Add(blob);
                    packed.Add(new CachedMount(id, blob.Digest));
                }
            }

            artifact.Finish(CacheDocument.Of(steps, packed), layers);
            return artifact;
        }
        catch
        {
            artifact.Dispose();
            throw;
        }
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(Root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        if (_documents.TryGetValue(content.Digest, out byte[]? document))
        {
            return Task.FromResult<Stream?>(new MemoryStream(document, writable: false));
        }

        Fd? file = _files.TryGetValue(content.Digest, out Fd? own) ? own.Reopen(OpenFlags.ReadOnly) : _store.Blobs.TryOpen(content.Digest);
        return Task.FromResult<Stream?>(file is null ? null : new FdStream(file));
    }

    public void Dispose()
    {
        foreach (Fd file in _files.Values)
        {
            file.Dispose();
        }
    }

    /// <summary>Packs a cache mount while nobody writes there; null: there is none, or it is empty.</summary>
    private Descriptor? Pack(Fd builder, string id, CancellationToken ct)
    {
        using Steps.CacheFolder? folder = Steps.CacheFolder.TryOpen(builder, id);
        if (folder is null || folder.Data.IsEmptyDirectory())
        {
            return null;
        }

        Fd file = _store.Blobs.Create(HashAlgorithm.Sha256);
        try
        {
            using Root tree = TreeOf(folder.Data);
            (_, Descriptor blob) = LayerPacking.Pack(tree, file, null, ct);
            return _files.TryAdd(blob.Digest, file) ? blob : Known(file, blob);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static Root TreeOf(Fd folder) => Linux.Files.Root.From(folder.Duplicate());

    private static Descriptor Known(Fd file, Descriptor blob)
    {
        file.Dispose();
        return blob;
    }

    private void Finish(CacheDocument document, List<Descriptor> layers)
    {
        byte[] config = document.ToBytes();
        if (config.Length > CacheDocument.MaxBytes)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"build cache: its document is larger than {CacheDocument.MaxBytes} bytes");
        }

        List<Descriptor> distinct = [.. layers.DistinctBy(static one => one.Digest).OrderBy(static one => one.Digest.ToString(), StringComparer.Ordinal)];
        var manifest = new ImageManifest(2, Remember(config, CacheDocument.MediaType))
        {
            MediaType = MediaType.OciManifest,
            ArtifactType = CacheDocument.ArtifactType,
            Layers = distinct,
        };
        Root = Remember(manifest.ToBytes(), MediaType.OciManifest);
        Counts = (document.Steps.Count, distinct.Count - document.Mounts.Count, document.Mounts.Count);
    }

    private Descriptor Remember(byte[] bytes, string mediaType)
    {
        Digest digest = Digest.Of(bytes);
        _documents[digest] = bytes;
        return new Descriptor(mediaType, digest, bytes.Length);
    }
}
