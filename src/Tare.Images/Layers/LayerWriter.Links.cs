// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The chapter about names for what exists already: hard links, also to files of the layers below.</summary>
internal sealed partial class LayerWriter
{
    /// <remarks>The entry's own metadata says nothing: it is the older name's, and that one has it already.</remarks>
    private void WriteHardLink(TarEntry entry)
    {
        _link.Set(entry.Link);
        if (_link.IsRoot)
        {
            throw TarError.Corrupt("a hard link to the layer's root");
        }

        LayerDirectory from = _tree.Enter(_link.Parent, entry.ModifyTime, create: false);
        FileStatus existing = Existing(from);
        using Fd directory = from.Fd.Duplicate();
        Fd to = _tree.Enter(_path.Parent, entry.ModifyTime).Fd;
        try
        {
            to.MakeHardLink(_path.Base, directory, _link.Base);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            if (!to.Status(_path.Base).SameFile(existing))
            {
                FileTree.Remove(to, _path.Base);
                to.MakeHardLink(_path.Base, directory, _link.Base);
            }
        }
    }

    /// <summary>The older name in this layer; brought up from the layers below if it is only there.</summary>
    private FileStatus Existing(LayerDirectory from)
    {
        ReadOnlySpan<byte> name = _link.Base;
        FileStatus? status = from.Fd.TryStatus(name);
        if (status is null && from.Lower?.TryStatus(name) is { IsDirectory: false } below)
        {
            CopyUp(from.Lower, below, from.Fd, name);
            status = from.Fd.Status(name);
        }

        return status is { IsDirectory: false } found && !Whiteout.IsMark(found)
            ? found
            : throw TarError.Corrupt($"a hard link to {ByteText.Quote(_link.Whole)}, which is no file of this image");
    }

    private void CopyUp(Fd lower, in FileStatus status, Fd directory, ReadOnlySpan<byte> name)
    {
        if (status.IsRegular)
        {
            using Fd content = lower.Open(name, OpenFlags.ReadOnly);
            using Fd copy = Create(directory, name);
            content.CopyContentTo(copy);
            Metadata.Copy(content, status, copy);
            _fileBytes += status.Size;
            return;
        }

        if (status.IsSymlink)
        {
            directory.MakeSymlink(name, lower.ReadLink(name));
        }
        else
        {
            directory.MakeNode(name, status.Kind, OwnerOnly, status.Device);
        }

        using Fd from = lower.Open(name, OpenFlags.Path);
        using Fd to = directory.Open(name, OpenFlags.Path);
        Metadata.Copy(from, status, to);
    }
}
