// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Mounts;

/// <summary>Layers as one tree.</summary>
/// <remarks>
/// Documentation/filesystems/overlayfs.rst. Layers are given by descriptor (Linux 6.13 or newer), so that a layer may
/// be a directory, a detached mount or an idmapped one, and no path is resolved here.
/// </remarks>
internal static class OverlayMount
{
    /// <summary>OVL_MAX_STACK: layers in one mount.</summary>
    public const int MaxLowers = 500;

    /// <summary>A detached mount of the merged tree; the caller owns it, and the layers live as long as it does.</summary>
    /// <param name="lowers">1..<see cref="MaxLowers"/> directories, the topmost first; O_PATH is enough</param>
    /// <param name="upper">the writable layer; null for a read-only view</param>
    /// <param name="work">an empty directory beside <paramref name="upper"/> on the same mount; null without upper</param>
    /// <param name="options">what differs; null for the defaults</param>
    /// <remarks>A read-only view of one layer is a read-only bind of it: overlay wants two. The upper directory must
    /// not be in use by another mount (the kernel warns only).</remarks>
    public static Fd Create(IReadOnlyList<Fd> lowers, Fd? upper, Fd? work, OverlayOptions? options = null)
    {
        options ??= new OverlayOptions();
        ArgumentOutOfRangeException.ThrowIfZero(lowers.Count);
        if (lowers.Count > MaxLowers)
        {
            throw new LinuxException(Errno.E2BIG, "overlay", $"{lowers.Count} layers, at most {MaxLowers}");
        }

        if (upper is null && lowers.Count == 1)
        {
            return Bind(lowers[0], options);
        }

        using FileSystemContext overlay = new("overlay");
        overlay.SetString("source", options.Source);
        foreach (Fd lower in lowers)
        {
            overlay.SetFd("lowerdir+", lower);
        }

        if (upper is not null)
        {
            overlay.SetFd("upperdir", upper);
            overlay.SetFd("workdir", work ?? throw new ArgumentNullException(nameof(work)));
        }

        Configure(overlay, options);
        return overlay.Create(options.Attributes);
    }

    private static void Configure(FileSystemContext overlay, OverlayOptions options)
    {
        // hosts may build or boot their kernel with other defaults; a layer of an image must not be able to use these
        overlay.SetString("redirect_dir", "nofollow");
        overlay.SetString("metacopy", "off");
        overlay.SetString("index", "off");
        overlay.SetString("xino", "auto");
        if (options.Volatile)
        {
            overlay.SetFlag("volatile");
        }

        if (options.UserXattrs)
        {
            overlay.SetFlag("userxattr");
        }
    }

    private static Fd Bind(Fd layer, OverlayOptions options)
    {
        Fd mount = Mount.Clone(layer);
        try
        {
            Mount.SetAttributes(
                mount, options.Attributes | MountAttributes.ReadOnly, propagation: Propagation.Private);
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }
}
