// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The chapter about what is gone: marks for overlayfs in place of names for tar.</summary>
internal sealed partial class LayerWriter
{
    /// <summary>False when the entry is none.</summary>
    private bool TryWriteWhiteout(TarEntry entry)
    {
        if (!_path.Base.StartsWith(Whiteout.Prefix))
        {
            return false;
        }

        if (_path.Base.SequenceEqual(Whiteout.OpaqueName))
        {
            Hide(_tree.Enter(_path.Parent, entry.ModifyTime));
        }
        else if (!_path.Base.StartsWith(Whiteout.MetaPrefix))
        {
            Hide(_tree.Enter(_path.Parent, entry.ModifyTime), Whiteout.Hidden(_path.Base), entry.ModifyTime);
        }

        return true;
    }

    private void Hide(LayerDirectory directory)
    {
        // overlayfs does not look for the mark on the root of a layer
        _hidesAll |= directory == _tree.Root;
        if (directory != _tree.Root)
        {
            directory.HideLower();
        }
    }

    private void Hide(LayerDirectory directory, ReadOnlySpan<byte> name, FileTime time)
    {
        FileStatus? status = directory.Fd.TryStatus(name);
        if (status is { IsDirectory: true })
        {
            using Fd child = directory.Fd.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
            Whiteout.MakeOpaque(child);
        }
        else if (status is null && (!_tree.HasParents || directory.Lower?.TryStatus(name) is not null))
        {
            Whiteout.Make(directory.Fd, name, time);
        }
    }

    /// <summary>Hides each name of the lower root by itself.</summary>
    private void HideRoot()
    {
        LayerDirectory root = _tree.Enter(default, default);
        if (root.Lower is null)
        {
            return;
        }

        using Fd lower = root.Lower.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (Entry entry in lower.Entries())
        {
            Hide(root, entry.Name, default);
        }
    }
}
