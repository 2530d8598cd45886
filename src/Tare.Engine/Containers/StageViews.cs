// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Images.Building;
using Tare.Images.Snapshots;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>What the mounts of a container show of file systems in the store, as detached mounts with the container's ids.</summary>
/// <remarks>A writable one has a layer of its own in the container's folder, which goes with it: nobody keeps what is written there.</remarks>
internal sealed class StageViews : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;

    private readonly List<Fd> _mounts = [];
    private readonly Dictionary<string, Fd> _places = [];

    /// <summary>By the sources that <see cref="Name"/> gives. Lent.</summary>
    public IReadOnlyDictionary<string, Fd> Places => _places;

    /// <summary>The mounts, those with views named so that their places are found again.</summary>
    public static IReadOnlyList<MountRequest> Name(IReadOnlyList<MountRequest> mounts) =>
        [.. mounts.Select(static (mount, i) => mount.View is null ? mount : mount with { Source = SourceOf(i) })];

    /// <param name="store">has the layers</param>
    /// <param name="folder">the container's own; lent</param>
    /// <param name="mapped">the store as the container sees it; null with the host's ids; lent</param>
    /// <param name="mounts">of <see cref="Name"/></param>
    /// <exception cref="TareException">NotFound: a file system has no such path</exception>
    public static StageViews Make(ImageStore store, Fd folder, MappedStore? mapped, IReadOnlyList<MountRequest> mounts)
    {
        var views = new StageViews();
        try
        {
            foreach (MountRequest mount in mounts.Where(static mount => mount.View is not null))
            {
                views.Add(store, folder, mapped, mount);
            }

            return views;
        }
        catch
        {
            views.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Fd place in _places.Values)
        {
            place.Dispose();
        }

        _mounts.ForEach(static mount => mount.Dispose());
        _places.Clear();
        _mounts.Clear();
    }

    private static string SourceOf(int number) => string.Create(CultureInfo.InvariantCulture, $"/stage-view-{number}");

    private void Add(ImageStore store, Fd folder, MappedStore? mapped, MountRequest mount)
    {
        StageView view = mount.View!;
        StoredImage image = BuiltLayers.ImageOf(view.Layers, new Platform("linux", "amd64"));
        Fd shown = mount.ReadOnly ? store.Snapshots.View(image, mapped) : Writable(store, folder, mapped, image, mount.Source![1..]);
        _mounts.Add(shown);
        using FileRoot root = FileRoot.From(shown.Duplicate());
        _places.Add(mount.Source!, root.TryResolve(Encoding.UTF8.GetBytes(view.Path), OpenFlags.Path)
            ?? throw new TareException(ErrorKind.NotFound, $"{Quoted.Text(view.Path)}: not found"));
    }

    private static Fd Writable(ImageStore store, Fd folder, MappedStore? mapped, StoredImage image, string name)
    {
        byte[] own = Encoding.ASCII.GetBytes(name);
        folder.MakeDirectory(own, OwnerOnly);
        using Fd place = folder.Open(own, OpenFlags.ReadOnly | OpenFlags.Directory);
        using Fd? mappedPlace = mapped?.Container.Open(own, OpenFlags.ReadOnly | OpenFlags.Directory);
        return store.Snapshots.Prepare(place, image, new SnapshotOptions
        {
            IsVolatile = true,
            Mapped = mapped is null ? null : mapped with { Container = mappedPlace! },
        });
    }
}
