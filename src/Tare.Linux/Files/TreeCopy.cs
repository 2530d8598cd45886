// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Copies a tree exactly: owners, modes, times, hard links, xattrs, devices, holes.</summary>
/// <remarks>
/// Works name by name in pinned directories and never follows a link, so neither tree needs to be trusted. Nothing is
/// made durable. Used once.
/// </remarks>
internal sealed class TreeCopy
{
    /// <summary>Directories below directories; each level holds two descriptors.</summary>
    public const int MaxDepth = 400;

    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory;
    private const uint OwnerOnly = 0b111_000_000;

    private readonly Dictionary<(DeviceNumber FileSystem, ulong Inode), (Fd Directory, byte[] Name)> _linked = [];
    private readonly List<Fd> _pinned = [];

    private TreeCopy()
    {
    }

    /// <summary>Copies what is in <paramref name="from"/> into the empty <paramref name="to"/>, and its own metadata.</summary>
    /// <exception cref="LinuxException">ELOOP: deeper than <see cref="MaxDepth"/>; whatever the kernel refuses</exception>
    public static void Run(Fd from, Fd to)
    {
        var copy = new TreeCopy();
        try
        {
            copy.Directory(from, to, 0);
        }
        finally
        {
            copy._pinned.ForEach(pinned => pinned.Dispose());
        }
    }

    private void Directory(Fd from, Fd to, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new LinuxException(Errno.ELOOP, "copy", "a tree that is too deep");
        }

        foreach (Entry entry in from.Entries())
        {
            Entry(from, to, entry.Name.ToArray(), depth);
        }

        Metadata(from, to, from.Status());
    }

    private void Entry(Fd from, Fd to, byte[] name, int depth)
    {
        FileStatus status = from.Status(name);
        switch (status.Kind)
        {
            case FileKind.Directory:
                using (Fd source = from.Open(name, DirectoryFlags))
                {
                    to.MakeDirectory(name, OwnerOnly);
                    using Fd target = to.Open(name, DirectoryFlags);
                    Directory(source, target, depth + 1);
                }

                break;
            case FileKind.Symlink:
                to.MakeSymlink(name, from.ReadLink(name));
                to.SetOwner(name, status.Uid, status.Gid);
                to.SetTimes(name, status.AccessTime, status.ModifyTime);
                break;
            default:
                if (!TryLink(status, to, name))
                {
                    File(from, to, name, status);
                }

                break;
        }
    }

    private bool TryLink(in FileStatus status, Fd to, byte[] name)
    {
        if (status.Links < 2)
        {
            return false;
        }

        if (_linked.TryGetValue((status.FileSystem, status.Inode), out (Fd Directory, byte[] Name) first))
        {
            to.MakeHardLink(name, first.Directory, first.Name);
            return true;
        }

        Fd pinned = to.Duplicate();
        _pinned.Add(pinned);
        _linked.Add((status.FileSystem, status.Inode), (pinned, name));
        return false;
    }

    private static void File(Fd from, Fd to, byte[] name, in FileStatus status)
    {
        if (status.Kind == FileKind.Regular)
        {
            using Fd source = from.Open(name, OpenFlags.ReadOnly);
            using Fd target = to.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly);
            source.CopyContentTo(target);
            Metadata(source, target, status);
            return;
        }

        to.MakeNode(name, status.Kind, OwnerOnly, status.Device);
        to.SetOwner(name, status.Uid, status.Gid);
        to.SetMode(name, status.Mode);
        to.SetTimes(name, status.AccessTime, status.ModifyTime);
    }

    /// <summary>In this order: a change of owner clears set-uid bits and file capabilities, and all of them touch times.</summary>
    private static void Metadata(Fd from, Fd to, in FileStatus status)
    {
        to.SetOwner(status.Uid, status.Gid);
        to.SetMode(status.Mode);
        foreach (byte[] xattr in from.ListXattrs())
        {
            if (!xattr.AsSpan().StartsWith("trusted.overlay."u8) && from.GetXattr(xattr) is { } value)
            {
                to.SetXattr(xattr, value);
            }
        }

        to.SetTimes(status.AccessTime, status.ModifyTime);
    }
}
