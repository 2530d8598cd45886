// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Places;

/// <summary>A place opened as a sink for one image.</summary>
/// <param name="Sink">owned</param>
/// <param name="Names">what the image is called there</param>
internal sealed record PlaceSink(IImageSink Sink, IReadOnlyList<Reference> Names) : IDisposable
{
    private const uint FolderMode = 0b111_101_101;

    /// <summary>Layers that may be on their way at once.</summary>
    public int LayersAtOnce { get; private init; } = 1;

    /// <summary>What must live as long as the sink; owned.</summary>
    private IDisposable? Held { get; init; }

    /// <param name="place">where</param>
    /// <param name="from">where the image comes from: a registry may have its layers already</param>
    /// <param name="options">how registries are spoken to</param>
    /// <param name="store">asked for only when the place is the store; lent</param>
    /// <param name="ct">stops waiting</param>
    public static async Task<PlaceSink> OpenAsync(
        Place place, Place from, RegistryOptions options, Func<ImageStore> store, CancellationToken ct)
    {
        switch (place.Kind)
        {
            case PlaceKind.Registry:
                return await OfRegistryAsync(place, from, options, ct);
            case PlaceKind.Store:
                Scratch.Sweep(store().Folder, store().Now);
                return new(new StoreSink(store()), [place.Name]) { LayersAtOnce = Pulling.LayersAtOnce };
            case PlaceKind.Layout:
                RefuseDigest(place);
                Fd folder = HostPath.MakeDirectories(place.Path, FolderMode);
                return new(new OciLayoutSink(new DirectoryOutput(Root.From(folder.Duplicate())), place.Label, folder), []) { Held = folder };
            case PlaceKind.LayoutArchive:
                RefuseDigest(place);
                return new(new OciLayoutSink(new ArchiveOutput(place.Path), place.Label, null), []);
            default:
                RefuseDigest(place);
                return new(new DockerArchiveSink(new ArchiveOutput(place.Path)), place.Label is null ? [] : [place.Name]);
        }
    }

    public void Dispose()
    {
        Sink.Dispose();
        Held?.Dispose();
    }

    private static async Task<PlaceSink> OfRegistryAsync(Place place, Place from, RegistryOptions options, CancellationToken ct)
    {
        Reference name = place.Name;
        RegistryClient client = await RegistryClient.OpenAsync(await RegistryHost.FindAsync(name.Registry, options, ct), options, ct);
        bool isSame = from.Kind == PlaceKind.Registry && from.Name.Registry == name.Registry && from.Name.Repository != name.Repository;
        var sink = new RegistrySink(client, name.Repository, isSame ? [from.Name.Repository] : [], static (_, _, _) => { });
        return new(sink, [name]) { Held = client, LayersAtOnce = Pulling.LayersAtOnce };
    }

    private static void RefuseDigest(Place place)
    {
        if (place.Label is not null && Digest.TryParse(place.Label, out _))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{place}: a digest is computed, not given", $"write {place.Path}:TAG");
        }
    }
}
