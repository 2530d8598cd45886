// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Places;

/// <summary>Copies one image from any place to any other; no byte of it changes.</summary>
/// <param name="options">how registries are spoken to</param>
/// <param name="store">asked for only when one of the places is the store; lent</param>
/// <param name="told">how the layers come along; called from one thread at a time</param>
internal sealed class Copying(RegistryOptions options, Func<ImageStore> store, Action<ImageLayer, LayerStage> told)
{
    /// <summary>Bytes of a layer that came so far; called as <c>told</c>.</summary>
    public Action<ImageLayer, long>? Moved { get; init; }

    /// <summary>Answers the manifest or index that it is called by at the destination.</summary>
    /// <param name="from">where it is</param>
    /// <param name="to">where it goes; what is called so there already is replaced</param>
    /// <param name="platform">which image of an index; null for what suits this host</param>
    /// <param name="all">an index whole, with everything that it names</param>
    /// <param name="ct">stops at once; nothing is visible at the destination then</param>
    /// <exception cref="TareException">whatever the places say; the message names both</exception>
    public Task<Descriptor> RunAsync(Place from, Place to, Platform? platform, bool all, CancellationToken ct) =>
        InputError.NamedAsync($"copy {from} to {to}", async () =>
        {
            using PlaceSource source = await PlaceSource.OpenAsync(from, options, store, ct);
            using PlaceSink target = await PlaceSink.OpenAsync(to, from, options, store, ct);
            using var sink = new WatchedSink(target.Sink, told, Moved);
            PlatformFilter wanted = Wanted(source.Root, platform, all);
            IReadOnlyList<Image> images = await Copy.RunAsync(
                source.Source, sink, new OfferedImage(source.Root, target.Names), wanted,
                CopyLimits.Default with { LayersAtOnce = target.LayersAtOnce }, ct);
            return wanted.RootOf(source.Root, images);
        });

    /// <summary>As pull: what is for one platform alone is taken as it is, unless one was asked for.</summary>
    private static PlatformFilter Wanted(Descriptor root, Platform? platform, bool all) =>
        all ? PlatformFilter.Whole
        : platform is null && root.Kind == ContentKind.Manifest ? PlatformFilter.All
        : new PlatformFilter(platform ?? Hardware.Host) { TakesImageAlone = true };
}
