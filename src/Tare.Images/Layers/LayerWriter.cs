// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Layers;

/// <summary>Writes a layer's archive into a directory that overlayfs can use as one of its lower ones.</summary>
/// <remarks>
/// image-spec layer.md#applying-changesets. Entries count in their order: a later one of the same name replaces the
/// earlier, whatever both are. Whiteouts hide what is below, never what the same layer brings. Nothing is synced: the
/// store does that once for all.
/// </remarks>
internal sealed partial class LayerWriter
{
    private const uint OwnerOnly = 0b110_000_000;
    private const uint OwnerOnlyDirectory = 0b111_000_000;

    private readonly TarReader _tar;
    private readonly LayerTree _tree;
    private readonly LayerLimits _limits;
    private readonly LayerPath _path = new();
    private readonly LayerPath _link = new();
    private long _fileBytes;

    private LayerWriter(TarReader tar, LayerTree tree, LayerLimits limits)
    {
        _tar = tar;
        _tree = tree;
        _limits = limits;
    }

    /// <summary>Applies a whole layer. After a failure the target holds rubbish, which the caller removes.</summary>
    /// <param name="archive">the uncompressed tar; lent, read to its end</param>
    /// <param name="target">an empty directory; nothing outside it is touched, whatever the archive says; lent</param>
    /// <param name="parents">a read-only merged view of all layers below, lent; null for the lowest layer, in which
    /// whiteouts have nothing to hide and leave no mark</param>
    /// <param name="limits">bounds</param>
    /// <param name="cancel">bounds the time</param>
    /// <exception cref="TareException">Corrupt, ResourceExhausted or what the kernel said, with the entry's name</exception>
    public static LayerStats Apply(
        Stream archive, Root target, Root? parents, LayerLimits limits, CancellationToken cancel = default)
    {
        using TarReader tar = new(archive, limits.Bytes, limits.End, cancel);
        using LayerTree tree = new(target, parents);
        return new LayerWriter(tar, tree, limits).Run();
    }

    private LayerStats Run()
    {
        long entries = 0;
        while (_tar.Next())
        {
            if (++entries > _limits.Entries)
            {
                throw TarError.TooMuch($"layer has more than {_limits.Entries} entries");
            }

            WriteNamed(_tar.Entry);
        }

        _tree.Finish();
        return new LayerStats(entries, _fileBytes, _tar.Position);
    }

    private void WriteNamed(TarEntry entry)
    {
        try
        {
            Write(entry);
        }
        catch (LinuxException e)
        {
            throw new TareException(KindOf(e.Errno), $"entry {ByteText.Quote(entry.Name)}: {e.Message}", inner: e);
        }
        catch (TareException e)
        {
            throw new TareException(e.Kind, $"entry {ByteText.Quote(entry.Name)}: {e.Message}", e.Hint, e);
        }
    }

    private static ErrorKind KindOf(Errno errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM => ErrorKind.ResourceExhausted,
        Errno.EPERM or Errno.EACCES => ErrorKind.PermissionDenied,
        Errno.EOPNOTSUPP => ErrorKind.NotSupported,
        Errno.EIO or Errno.EROFS => ErrorKind.Unavailable,
        _ => ErrorKind.Corrupt,
    };

    private void Write(TarEntry entry)
    {
        _path.Set(entry.Name);
        if (_path.IsRoot)
        {
            WriteRoot(entry);
        }
        else if (!Whiteout.IsBelowMeta(_path.Parent) && !TryWriteWhiteout(entry))
        {
            WriteEntry(entry);
        }
    }

    private void WriteRoot(TarEntry entry)
    {
        if (entry.Type != TarType.Directory)
        {
            throw TarError.Corrupt("the root of a layer can only be a directory");
        }

        Metadata.RemoveXattrs(_tree.Root.Fd);
        Finish(_tree.Root, entry);
    }

    private void WriteEntry(TarEntry entry)
    {
        if (entry.Type == TarType.HardLink)
        {
            WriteHardLink(entry);
            return;
        }

        LayerDirectory parent = _tree.Enter(_path.Parent, entry.ModifyTime);
        switch (entry.Type)
        {
            case TarType.Directory:
                WriteDirectory(parent, entry);
                break;
            case TarType.Regular:
                WriteFile(parent, entry);
                break;
            default:
                WriteSpecial(parent.Fd, entry);
                break;
        }
    }

    private void WriteDirectory(LayerDirectory parent, TarEntry entry)
    {
        ReadOnlySpan<byte> name = _path.Base;
        bool made = parent.Fd.TryMakeDirectory(name, OwnerOnlyDirectory);
        bool replaces = !made && !parent.Fd.Status(name).IsDirectory;
        if (replaces)
        {
            parent.Fd.Unlink(name);
            parent.Fd.MakeDirectory(name, OwnerOnlyDirectory);
        }

        Fd fd = parent.Fd.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        LayerDirectory directory = _tree.Push(fd, name, made ? false : null);
        if (replaces)
        {
            // what it replaces, a whiteout or a file, had already hidden a lower directory of this name
            directory.HideLower();
        }
        else if (!made)
        {
            Metadata.RemoveXattrs(fd);
        }

        Finish(directory, entry);
    }

    private static void Finish(LayerDirectory directory, TarEntry entry)
    {
        Metadata.Apply(directory.Fd, entry);
        directory.AccessTime = Metadata.AccessTime(entry);
        directory.ModifyTime = entry.ModifyTime;
    }

    private void WriteFile(LayerDirectory parent, TarEntry entry)
    {
        if (entry.Size > _limits.FileBytes)
        {
            throw TarError.TooMuch($"file is {entry.Size} bytes, more than {_limits.FileBytes}");
        }

        using Fd file = Create(parent.Fd, _path.Base);
        while (_tar.ReadData(out long offset) is { IsEmpty: false } data)
        {
            if (entry.IsSparse)
            {
                file.WriteAt(data, offset);
            }
            else
            {
                file.Write(data);
            }

            _fileBytes += data.Length;
        }

        if (entry.IsSparse)
        {
            file.SetLength(entry.Size);
        }

        Metadata.Apply(file, entry);
        file.SetTimes(Metadata.AccessTime(entry), entry.ModifyTime);
    }

    private static Fd Create(Fd directory, ReadOnlySpan<byte> name)
    {
        const OpenFlags Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        try
        {
            return directory.Open(name, Flags, OwnerOnly);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            FileTree.Remove(directory, name);
            return directory.Open(name, Flags, OwnerOnly);
        }
    }

    private void WriteSpecial(Fd directory, TarEntry entry)
    {
        try
        {
            MakeSpecial(directory, entry);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            FileTree.Remove(directory, _path.Base);
            MakeSpecial(directory, entry);
        }

        Metadata.Apply(directory, _path.Base, entry);
    }

    private void MakeSpecial(Fd directory, TarEntry entry)
    {
        switch (entry.Type)
        {
            case TarType.Symlink:
                directory.MakeSymlink(_path.Base, entry.Link);
                break;
            case TarType.Fifo:
                directory.MakeNode(_path.Base, FileKind.Fifo, OwnerOnly);
                break;
            case TarType.CharacterDevice when entry.Device == default:
                throw TarError.Corrupt("a character device 0:0 is overlayfs's own mark");
            default:
                FileKind kind = entry.Type == TarType.BlockDevice ? FileKind.BlockDevice : FileKind.CharacterDevice;
                directory.MakeNode(_path.Base, kind, OwnerOnly, entry.Device);
                break;
        }
    }
}
