// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Images.Snapshots;

/// <summary>Mountable views of stored images, handed out as detached mounts: nothing appears in the host's mount table.</summary>
/// <remarks>
/// A writable snapshot keeps what the container changed in <c>upper/</c> of the container's folder, and overlay's own
/// needs in <c>work/</c>; they live as long as that folder. Documentation/filesystems/overlayfs.rst.
/// </remarks>
internal sealed class Snapshots(StoreFolder folder, LayerStore layers)
{
    private const uint RootMode = 0b111_101_101;

    private static ReadOnlySpan<byte> Upper => "upper"u8;

    private static ReadOnlySpan<byte> Work => "work"u8;

    /// <summary>The image with a writable layer on top, as a detached mount. The caller owns it.</summary>
    /// <param name="container">the container's own folder; changes made there earlier are seen again</param>
    /// <param name="image">the layers below</param>
    /// <param name="options">what differs; null for the defaults</param>
    /// <exception cref="TareException">ResourceExhausted for more layers than the kernel mounts; Corrupt when one is missing</exception>
    public Fd Prepare(Fd container, StoredImage image, SnapshotOptions? options = null)
    {
        options ??= new SnapshotOptions();
        MakeUpper(container, image);
        MakeWork(container);
        Fd shown = options.Mapped?.Container ?? container;
        using Fd upper = OpenDirectory(shown, Upper);
        using Fd work = OpenDirectory(shown, Work);
        var overlay = new OverlayOptions { Volatile = options.IsVolatile, Source = options.Mark };
        return WithLayers(image, options.Mapped?.Layers, lowers =>
        {
            using FileSystemUser? root = options.Mapped?.Users.BeRoot();
            return OverlayMount.Create(lowers.Count > 0 ? lowers : [folder.Empty], upper, work, overlay);
        });
    }

    /// <summary>The image alone, read-only, as a detached mount. The caller owns it.</summary>
    /// <param name="image">the layers</param>
    /// <param name="mapped">the store with other ids, or null</param>
    public Fd View(StoredImage image, MappedStore? mapped = null) =>
        WithLayers(image, mapped?.Layers, lowers => LayerView.Mount(lowers, folder.Empty));

    /// <summary>Removes what <see cref="Prepare"/> made in the container's folder; nothing may have it mounted any more.</summary>
    public static void Remove(Fd container)
    {
        FileTree.Remove(container, Upper);
        FileTree.Remove(container, Work);
    }

    /// <summary>The upper directory stands for the root directory, so it starts as the topmost layer has it.</summary>
    private void MakeUpper(Fd container, StoredImage image)
    {
        if (!container.TryMakeDirectory(Upper, RootMode))
        {
            return;
        }

        using Fd upper = OpenDirectory(container, Upper);
        FileStatus status = default;
        bool hasLayers = image.Layers.Count > 0;
        if (hasLayers)
        {
            using Fd top = layers.Open(image.Layers[^1].Chain);
            status = top.Status();
            upper.SetOwner(status.Uid, status.Gid);
        }
        upper.SetMode(hasLayers ? status.Mode : RootMode);
    }

    /// <summary>Always a fresh one: a volatile mount leaves a mark in it that would forbid the next.</summary>
    private static void MakeWork(Fd container)
    {
        if (!container.TryMakeDirectory(Work, RootMode))
        {
            FileTree.Remove(container, Work);
            container.MakeDirectory(Work, RootMode);
        }
    }

    private static Fd OpenDirectory(Fd parent, ReadOnlySpan<byte> name) =>
        parent.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);

    private Fd WithLayers(StoredImage image, Fd? shown, Func<IReadOnlyList<Fd>, Fd> mount)
    {
        if (image.Layers.Count > OverlayMount.MaxLowers)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted,
                $"image {image.ShortId}: {image.Layers.Count} layers, the kernel mounts at most {OverlayMount.MaxLowers}");
        }
        var lowers = new List<Fd>(image.Layers.Count);
        try
        {
            for (int i = image.Layers.Count - 1; i >= 0; i--)
            {
                lowers.Add(layers.Open(image.Layers[i].Chain, shown));
            }
            return mount(lowers);
        }
        finally
        {
            foreach (Fd lower in lowers)
            {
                lower.Dispose();
            }
        }
    }
}
