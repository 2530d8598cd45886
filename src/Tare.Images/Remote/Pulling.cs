// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Fetches images from registries into a store.</summary>
internal sealed class Pulling(ImageStore store, RegistryOptions options, PullWatch watch)
{
    /// <summary>docker's max-concurrent-downloads.</summary>
    public const int LayersAtOnce = 3;

    /// <summary>True when indexes are fetched whole, with everything that they name; a platform then counts for nothing.</summary>
    public bool TakesWhole { get; init; }

    /// <summary>Fetches what one name stands for; it is durable then.</summary>
    /// <param name="name">with a tag or a digest</param>
    /// <param name="platform">which image of an index; null for what suits this host</param>
    /// <param name="ct">stops at once; nothing of the image is visible then</param>
    /// <exception cref="TareException">NotFound, Unauthenticated, PermissionDenied, Unavailable, Corrupt, ResourceExhausted</exception>
    public Task<PulledImage> RunAsync(Reference name, Platform? platform, CancellationToken ct)
    {
        Scratch.Sweep(store.Folder, store.Now);
        return InputError.NamedAsync($"pull {name.Familiar}", async () =>
        {
            using RegistrySource source = await RegistrySource.OpenAsync(name, options, ct);
            return await FetchAsync(source, name, platform, ct);
        });
    }

    /// <summary>Fetches every tag of a repository, one after the other.</summary>
    /// <exception cref="TareException">as above; what was fetched before a failure stays</exception>
    public Task<IReadOnlyList<PulledImage>> RunAllAsync(Reference repository, Platform? platform, CancellationToken ct)
    {
        Scratch.Sweep(store.Folder, store.Now);
        return InputError.NamedAsync<IReadOnlyList<PulledImage>>($"pull {repository.FamiliarName}", async () =>
        {
            using RegistrySource source = await RegistrySource.OpenAsync(repository, options, ct);
            IReadOnlyList<string> tags = await source.TagsAsync(ct)
                ?? throw new TareException(ErrorKind.NotFound, "the registry has no such repository");
            List<PulledImage> pulled = [];
            foreach (string tag in tags)
            {
                pulled.Add(await FetchAsync(source, repository.WithTag(tag), platform, ct));
            }
            return pulled;
        });
    }

    private async Task<PulledImage> FetchAsync(RegistrySource source, Reference name, Platform? platform, CancellationToken ct)
    {
        Descriptor root = await source.ResolveAsync(name, ct)
            ?? throw new TareException(ErrorKind.NotFound, "the registry has no such image");
        watch.Begun(name);
        // as docker: what is for one platform alone is taken as it is, unless one was asked for
        bool isTakenAsItIs = platform is null && root.Kind == ContentKind.Manifest;
        PlatformFilter wanted = TakesWhole ? PlatformFilter.Whole
            : isTakenAsItIs ? PlatformFilter.All
            : new PlatformFilter(platform ?? Hardware.Host);
        bool wasNamed = IsNamed(name, root.Digest);
        HashSet<Digest> before = [.. store.Catalog.ImagesOfRoot(root.Digest).Select(static i => i.Manifest.Digest)];
        var partials = new Partials(store);
        using var to = new StoreSink(store, partials);
        using var sink = new WatchedSink(to, watch.Layer, watch.Moved);
        using var resuming = new ResumingSource(source, partials);
        using var from = new StoredFirstSource(resuming, store);
        IReadOnlyList<Image> images = await Copy.RunAsync(
            from, sink, new OfferedImage(root, [name]), wanted, CopyLimits.Default with { LayersAtOnce = LayersAtOnce }, ct);
        var pulled = new PulledImage(name, root.Digest, !wasNamed || !images.All(i => before.Contains(i.Descriptor.Digest)));
        watch.Done(pulled);
        return pulled;
    }

    private bool IsNamed(Reference name, Digest root) =>
        store.Catalog.NamesOf(root).Contains(name.Tag is { } tag ? name.WithTag(tag).ToString() : name.ToString());
}
