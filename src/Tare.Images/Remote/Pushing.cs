// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Sends images of a store to registries.</summary>
/// <param name="store">where they are</param>
/// <param name="options">how registries are spoken to</param>
/// <param name="told">how the layers come along; called from one thread at a time. The text is where a mounted one came from</param>
internal sealed class Pushing(ImageStore store, RegistryOptions options, Action<ImageLayer, LayerStage, string?> told)
{
    /// <summary>Layers under way at once.</summary>
    private const int LayersAtOnce = 3;

    /// <summary>Bytes of a layer that went so far; called as <c>told</c>.</summary>
    public Action<ImageLayer, long>? Moved { get; init; }

    /// <summary>Sends what one name stands for, and names it so at the registry.</summary>
    /// <param name="name">with a tag alone</param>
    /// <param name="ct">stops at once; the tag is not there then</param>
    /// <exception cref="TareException">NotFound: no such image here; InvalidArgument; and all that a registry may say</exception>
    public async Task<PushedImage> RunAsync(Reference name, CancellationToken ct)
    {
        if (name.Digest is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, "cannot push a digest reference");
        }
        Digest root = store.Catalog.FindName(name.ToString()) ?? throw new TareException(
            ErrorKind.NotFound, $"An image does not exist locally with the tag: {name.Familiar}", "see what there is with: tare images");
        return await InputError.NamedAsync($"push {name.Familiar}", () => SendAsync(name, root, ct));
    }

    /// <summary>The tags that a repository has here, in order.</summary>
    /// <exception cref="TareException">NotFound: none</exception>
    public IReadOnlyList<Reference> TagsOf(Reference repository)
    {
        List<Reference> tags = [];
        foreach ((string text, _) in store.Catalog.Names())
        {
            var name = Reference.Parse(text);
            if (name.Name == repository.Name && name.Tag is not null)
            {
                tags.Add(name);
            }
        }
        tags.Sort(static (a, b) => string.CompareOrdinal(a.Tag, b.Tag));
        return tags.Count > 0 ? tags : throw new TareException(
            ErrorKind.NotFound,
            $"An image does not exist locally with the tag: {repository.FamiliarName}", "see what there is with: tare images");
    }

    private async Task<PushedImage> SendAsync(Reference name, Digest root, CancellationToken ct)
    {
        using Lease lease = Lease.Begin(store.Folder, store.Catalog);
        lease.Add(store.ContentsOf(root));
        Descriptor sent = Whole(root);
        using RegistryClient client = await RegistryClient.OpenAsync(
            await RegistryHost.FindAsync(name.Registry, options, ct), options, ct);
        using var from = new StoreSource(store);
        using var to = new RegistrySink(client, name.Repository, Sources(name, root), told) { Moved = Moved };
        await Copy.RunAsync(
            from, to, new OfferedImage(sent, [name]), PlatformFilter.All, CopyLimits.Default with { LayersAtOnce = LayersAtOnce }, ct);
        return new PushedImage(name, sent, sent.Digest == root ? null : root);
    }

    /// <summary>The root; of an index whose parts are not all here, the image that suits this host: a registry takes no other.</summary>
    private Descriptor Whole(Digest root)
    {
        Descriptor found = store.Catalog.FindRoot(root)!;
        bool isWhole = found.Kind != ContentKind.Index
            || ImageIndex.Parse(store.Blobs.ReadAll(root, ImageIndex.MaxBytes)).Manifests.All(m => store.Blobs.Has(m.Digest));
        return isWhole ? found : ImageStore.Choose(store.Catalog.ImagesOfRoot(root), null)!.Manifest;
    }

    /// <summary>Where else on the same registry this image is, as far as names here tell.</summary>
    private List<string> Sources(Reference name, Digest root) => [.. store.Catalog.NamesOf(root)
        .Select(Reference.Parse)
        .Where(n => n.Registry == name.Registry && n.Repository != name.Repository)
        .Select(static n => n.Repository)
        .Distinct()];
}
