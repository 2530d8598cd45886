// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>The images of this host: names, documents, blobs and unpacked layers below one folder.</summary>
/// <remarks>
/// What it owns: <c>images.db</c>, <c>blobs/</c>, <c>layers/</c>, <c>tmp/</c>, <c>empty/</c>, <c>reserve</c> in that folder. What it never
/// does: run anything, know containers, open a network connection. Start reading at <see cref="Find"/> (what `run` needs),
/// <see cref="StoreSink"/> (how images come in) and <see cref="Collector"/> (how they go).
/// Any number of processes may have one store open. One object belongs to one thread at a time.
/// </remarks>
internal sealed partial class ImageStore : IDisposable
{
    /// <summary>IDs are told apart with at most this many candidates read.</summary>
    private const int MaxCandidates = 64;

    private readonly TimeProvider _clock;

    private ImageStore(StoreFolder folder, Catalog catalog, TimeProvider clock)
    {
        Folder = folder;
        Catalog = catalog;
        _clock = clock;
        Blobs = new BlobStore(folder);
        Layers = new LayerStore(folder);
        Snapshots = new Snapshots.Snapshots(folder, Layers);
    }

    public BlobStore Blobs { get; }

    public LayerStore Layers { get; }

    public Snapshots.Snapshots Snapshots { get; }

    internal StoreFolder Folder { get; }

    internal Catalog Catalog { get; }

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Opens the store in a folder of the host, making both when they are missing.</summary>
    public static ImageStore Open(string path, TimeProvider? clock = null)
    {
        StoreFolder folder = StoreFolder.Open(path);
        try
        {
            return new ImageStore(folder, Catalog.Open(path.TrimEnd('/') + "/images.db"), clock ?? TimeProvider.System);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Catalog.Dispose();
        Folder.Dispose();
    }

    /// <summary>The image that a user means by a name, an ID, a short ID or a digest; null when there is none.</summary>
    /// <param name="text">as docker takes it: a whole ID first, then a name, then the start of an ID</param>
    /// <param name="platform">which image of an index; null for the one that suits this host best</param>
    /// <remarks>Two queries for a name; nothing is parsed or hashed.</remarks>
    /// <exception cref="TareException">InvalidArgument when the start of an ID fits several images, or text is malformed</exception>
    public StoredImage? Find(string text, Platform? platform = null)
    {
        (List<StoredImage> images, Reference? name) = Lookup(text);
        StoredImage? image = Choose(images, platform);
        return image is null ? null : image with { Name = name, Layers = Catalog.LayersOf(image.Manifest.Digest) };
    }

    /// <summary>The image that a container was made from, whatever its name is by now; null when it is gone.</summary>
    public StoredImage? FindManifest(Digest manifest) =>
        Catalog.ImagesOfManifest(manifest).FirstOrDefault() is { } image
            ? image with { Layers = Catalog.LayersOf(manifest) }
            : null;

    /// <summary>As <see cref="Find"/>, but absence is an error.</summary>
    /// <exception cref="TareException">NotFound, in docker's words</exception>
    public StoredImage Get(string text, Platform? platform = null) => Find(text, platform) ?? throw NoSuchImage(text);

    /// <summary>True while the store still has this image: to be asked after a container was recorded as its user.</summary>
    /// <remarks>A write transaction, as a removal is one and reads the users inside it: one of the two sees the other.</remarks>
    public bool Has(StoredImage image) => Catalog.Write(
        durable: false, () => Catalog.ImagesOfRoot(image.Root).Exists(i => i.Manifest.Digest == image.Manifest.Digest));

    /// <summary>All images below what the text means: several when it is an index.</summary>
    internal (List<StoredImage> Images, Reference? Name) Lookup(string text)
    {
        if (Digest.TryParse(text, out Digest whole))
        {
            return (Catalog.ImagesByPrefix(whole.ToString(), MaxCandidates), null);
        }
        if (Reference.TryParse(text, out Reference? name))
        {
            List<StoredImage> named = ByName(name);
            if (named.Count > 0)
            {
                return (named, name);
            }
        }
        string hex = text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
        if (hex.Length is 0 or > 64 || !hex.All(static c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c)))
        {
            return name is null ? throw InvalidName(text) : ([], null);
        }
        List<StoredImage> found = Catalog.ImagesByPrefix("sha256:" + hex, MaxCandidates);
        return found.Select(static i => i.Root).Distinct().Count() > 1 && found.Select(static i => i.Id).Distinct().Count() > 1
            ? throw new TareException(ErrorKind.InvalidArgument, $"image ID {hex} is ambiguous: it begins {found.Count} images")
            : (found, null);
    }

    internal static TareException NoSuchImage(string text) => new(
        ErrorKind.NotFound,
        $"No such image: {(Reference.TryParse(text, out Reference? name) ? name.Familiar : text)}");

    internal void SyncBlobNames(IEnumerable<Digest> changed)
    {
        foreach (HashAlgorithm algorithm in changed.Select(static d => d.Algorithm).Distinct())
        {
            Blobs.Sync(algorithm);
        }
    }

    /// <summary>Everything below a root, as leases spell it: what is about to be read must survive a removal meanwhile.</summary>
    internal IEnumerable<string> ContentsOf(Digest root) =>
    [
        Lease.Item(root),
        .. Catalog.ImagesOfRoot(root).SelectMany(i => (IEnumerable<Digest>)
            [i.Manifest.Digest, i.Id, .. Catalog.LayersOf(i.Manifest.Digest).Select(static l => l.Blob.Digest)])
            .Select(Lease.Item),
    ];

    /// <summary>The image of an index that is meant: the best for the platform, or else for this host, or else the first.</summary>
    internal static StoredImage? Choose(IReadOnlyList<StoredImage> images, Platform? platform)
    {
        Platform host = platform ?? Hardware.Host;
        StoredImage? best = images.Where(i => host.Rank(i.Platform) is not null).MinBy(i => host.Rank(i.Platform));
        return best ?? (platform is null && images.Count > 0 ? images[0] : null);
    }

    private static TareException InvalidName(string text)
    {
        try
        {
            Reference.Parse(text);
            return NoSuchImage(text);
        }
        catch (TareException e)
        {
            return e;
        }
    }

    /// <summary>With a digest: any root of that digest that the repository names; else the tag.</summary>
    private List<StoredImage> ByName(Reference name)
    {
        if (name.Digest is not { } digest)
        {
            return Catalog.ImagesOfName(name.ToString());
        }
        bool isNamed = Catalog.NamesOf(digest).Exists(n => Reference.Parse(n).Name == name.Name);
        return isNamed ? Catalog.ImagesOfRoot(digest) : [];
    }
}
