// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>What repositories show of the store; only reads. Safe to use from several threads.</summary>
internal sealed class StoreView(OpenStores stores, StoreNames names)
{
    private const int MaxDepth = 4;

    public StoreNames Names => names;

    public OpenStores Stores => stores;

    /// <summary>Opens content that an image shown in the repository holds. The caller disposes.</summary>
    public Fd? TryOpen(Repository repository, Digest digest) => stores.Ask(store =>
        IsShown(store, repository, digest) ? store.Blobs.TryOpen(digest) : null);

    /// <summary>True when an image shown in the repository holds this content, and it is here.</summary>
    public bool Has(Repository repository, Digest digest) => stores.Ask(store =>
        IsShown(store, repository, digest) && store.Blobs.Has(digest));

    /// <summary>What a tag names; null when no name in the store that the repository shows has it.</summary>
    public Digest? TryResolve(Repository repository, string tag) => stores.Ask(store => names.Shown(repository)
        .Select(name => store.Catalog.FindName($"{name}:{tag}"))
        .FirstOrDefault(static root => root is not null));

    /// <summary>A manifest or index of an image shown in the repository.</summary>
    public StoredManifest? TryRead(Repository repository, Digest digest) => stores.Ask(store =>
        IsShown(store, repository, digest) && MediaTypeOf(store, repository, digest) is { } type
        && TryReadAll(store, digest) is { } bytes
            ? new StoredManifest(digest, type, bytes)
            : null);

    /// <summary>Tags of the repository with what they stand for; a tag may be there twice, the first counts.</summary>
    public List<string> Tags(Repository repository) => stores.Ask<List<string>>(store => [.. names.Shown(repository)
        .SelectMany(store.Catalog.NamesIn)
        .Select(static n => Reference.Parse(n.Name).Tag)
        .OfType<string>()
        .Distinct()]);

    /// <summary>All repositories that show an image.</summary>
    public List<string> Repositories() => stores.Ask<List<string>>(store => [.. store.Catalog.Names()
        .Select(n => names.RepositoryOf(Reference.Parse(n.Name)))
        .OfType<string>()
        .Distinct()]);

    private bool IsShown(ImageStore store, Repository repository, Digest digest) =>
        names.Shown(repository).Any(name => store.Catalog.Holds(name, digest));

    private static byte[]? TryReadAll(ImageStore store, Digest digest)
    {
        using Fd? file = store.Blobs.TryOpen(digest);
        return file?.ReadAll(ManifestShelf.MaxBytes);
    }

    /// <summary>Null for what is no manifest: a layer has no media type of its own.</summary>
    private string? MediaTypeOf(ImageStore store, Repository repository, Digest digest)
    {
        string? known = store.Catalog.FindRoot(digest)?.MediaType
            ?? store.Catalog.ImagesOfManifest(digest).FirstOrDefault()?.Manifest.MediaType;
        return known ?? names.Shown(repository)
            .SelectMany(store.Catalog.NamesIn)
            .Select(static n => n.Root)
            .Distinct()
            .Select(root => TypeBelow(store, root, digest, MaxDepth))
            .FirstOrDefault(static type => type is not null);
    }

    /// <summary>What an index says that the content is; nested indexes and attestations have no row of their own.</summary>
    private static string? TypeBelow(ImageStore store, Digest root, Digest wanted, int depth)
    {
        if (depth == 0 || TryReadAll(store, root) is not { } bytes || !IsIndex(bytes))
        {
            return null;
        }

        foreach (Descriptor child in ImageIndex.Parse(bytes).Manifests.Where(static c => c.Kind is ContentKind.Index or ContentKind.Manifest))
        {
            if (child.Digest == wanted)
            {
                return child.MediaType;
            }

            if (child.Kind == ContentKind.Index && TypeBelow(store, child.Digest, wanted, depth - 1) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    private static bool IsIndex(byte[] bytes) =>
        Tare.Images.Remote.ManifestKind.Read(bytes) is { } type && MediaType.KindOf(type) == ContentKind.Index;
}
