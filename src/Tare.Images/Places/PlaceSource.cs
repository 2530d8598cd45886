// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Layout;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Places;

/// <summary>A place opened as a source, and the one image that is meant there.</summary>
/// <param name="Source">owned</param>
/// <param name="Root">its manifest or index</param>
internal sealed record PlaceSource(IImageSource Source, Descriptor Root) : IDisposable
{
    /// <summary>Keeps what is read of the store; owned.</summary>
    private Lease? Held { get; init; }

    /// <param name="place">where</param>
    /// <param name="options">how registries are spoken to</param>
    /// <param name="store">asked for only when the place is the store; lent</param>
    /// <param name="ct">stops waiting</param>
    /// <exception cref="TareException">NotFound: no such image there; InvalidArgument: several, and none was named; Corrupt …</exception>
    public static Task<PlaceSource> OpenAsync(Place place, RegistryOptions options, Func<ImageStore> store, CancellationToken ct) =>
        place.Kind switch
        {
            PlaceKind.Registry => OfRegistryAsync(place, options, ct),
            PlaceKind.Store => Task.FromResult(OfStore(place, store())),
            _ => OfFileAsync(place, ct),
        };

    public void Dispose()
    {
        Source.Dispose();
        Held?.Dispose();
    }

    private static async Task<PlaceSource> OfRegistryAsync(Place place, RegistryOptions options, CancellationToken ct)
    {
        RegistrySource source = await RegistrySource.OpenAsync(place.Name, options, ct);
        try
        {
            return new(source, await source.ResolveAsync(place.Name, ct)
                ?? throw new TareException(ErrorKind.NotFound, $"{place}: the registry has no such image"));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static PlaceSource OfStore(Place place, ImageStore store)
    {
        Lease lease = Lease.Begin(store.Folder, store.Catalog);
        try
        {
            StoredImage image = store.Get(place.Label!);
            lease.Add(store.ContentsOf(image.Root));
            return new(new StoreSource(store), store.Catalog.FindRoot(image.Root)!) { Held = lease };
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static async Task<PlaceSource> OfFileAsync(Place place, CancellationToken ct)
    {
        using ArchiveInput input = ArchiveInput.Open(place.Path);
        if (input.IsDirectory != (place.Kind == PlaceKind.Layout))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, input.IsDirectory ? $"{place.Path} is a folder, not an archive" : $"{place.Path} is not a folder");
        }
        using Fd scratch = HostPath.OpenDirectory(System.IO.Path.GetTempPath());
        IImageSource source = ArchiveSource.Open(input, scratch, ct);
        try
        {
            return new(source, await ChooseAsync(place, source, ct));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static async Task<Descriptor> ChooseAsync(Place place, IImageSource source, CancellationToken ct)
    {
        IReadOnlyList<Descriptor> found = source is OciLayoutSource layout ? layout.Find(place.Label)
            : [.. (await source.ListAsync(ct))
                .Where(o => place.Label is null || (Reference.TryParse(place.Label, out Reference? name) && o.Names.Contains(name)))
                .Select(static o => o.Root)];
        return found switch
        {
            [var one] => one,
            [] => throw new TareException(ErrorKind.NotFound, $"{place}: no such image in it"),
            _ when place.Label is null => throw new TareException(
                ErrorKind.InvalidArgument, $"{place}: it holds {found.Count} images", $"say which one: {place}:NAME"),
            _ => throw new TareException(ErrorKind.InvalidArgument, $"{place}: {found.Count} images are called so", $"say which one: {place.Path}@DIGEST"),
        };
    }
}
