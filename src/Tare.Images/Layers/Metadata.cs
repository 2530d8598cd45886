// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>Owners, modes, attributes and times, given to inodes in the one order that keeps them all.</summary>
internal static class Metadata
{
    /// <summary>All but the times, which the writing of content or children would change again.</summary>
    public static void Apply(Fd file, TarEntry entry)
    {
        // the owner first: chown(2) clears set-uid bits and file capabilities
        file.SetOwner(entry.Uid, entry.Gid);
        file.SetMode(entry.Mode);
        ApplyXattrs(file, entry.Xattrs);
    }

    /// <summary>As <see cref="Apply(Fd, TarEntry)"/>, for what cannot or must not be opened: links, devices, fifos.</summary>
    public static void Apply(Fd directory, ReadOnlySpan<byte> name, TarEntry entry)
    {
        directory.SetOwner(name, entry.Uid, entry.Gid);
        if (entry.Type != TarType.Symlink)
        {
            directory.SetMode(name, entry.Mode);
        }

        if (entry.Xattrs.Count > 0)
        {
            using Fd file = directory.Open(name, OpenFlags.Path);
            ApplyXattrs(file, entry.Xattrs);
        }

        directory.SetTimes(name, AccessTime(entry), entry.ModifyTime);
    }

    public static FileTime AccessTime(TarEntry entry) => entry.AccessTime ?? entry.ModifyTime;

    /// <summary>Takes away the attributes that an earlier entry or the lower directory gave.</summary>
    public static void RemoveXattrs(Fd file)
    {
        foreach (byte[] name in file.ListXattrs())
        {
            if (!Whiteout.IsOverlayXattr(name))
            {
                file.RemoveXattr(name);
            }
        }
    }

    /// <summary>Owner, mode and attributes of <paramref name="from"/>, and its times.</summary>
    /// <param name="from">O_PATH is enough</param>
    /// <param name="status">of <paramref name="from"/></param>
    /// <param name="to">O_PATH is enough</param>
    public static void Copy(Fd from, in FileStatus status, Fd to)
    {
        to.SetOwner(status.Uid, status.Gid);
        if (!status.IsSymlink)
        {
            to.SetMode(status.Mode);
        }

        foreach (byte[] name in from.ListXattrs())
        {
            if (!Whiteout.IsOverlayXattr(name) && from.GetXattr(name) is { } value)
            {
                to.SetXattr(name, value);
            }
        }

        to.SetTimes(status.AccessTime, status.ModifyTime);
    }

    private static void ApplyXattrs(Fd file, XattrSet xattrs)
    {
        for (int i = 0; i < xattrs.Count; i++)
        {
            if (Whiteout.IsOverlayXattr(xattrs.Name(i)))
            {
                throw TarError.Corrupt($"extended attribute {ByteText.Quote(xattrs.Name(i))} belongs to overlayfs");
            }

            file.SetXattr(xattrs.Name(i), xattrs.Value(i));
        }
    }
}
