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
        if (directory == _tree.Root)
        {
            HideRoot(directory);
        }
        else
        {
            directory.HideLower();
        }
    }

    /// <summary>Marks only where there is something to hide: overlayfs shows marks in directories of one layer alone.</summary>
    private static void Hide(LayerDirectory directory, ReadOnlySpan<byte> name, FileTime time)
    {
        if (directory.Lower?.TryStatus(name) is not { } below || Whiteout.IsMark(below))
        {
            return;
        }

        FileStatus? status = directory.Fd.TryStatus(name);
        if (status is null)
        {
            Whiteout.Make(directory.Fd, name, time);
        }
        else if (status is { IsDirectory: true } && below.IsDirectory)
        {
            using Fd child = directory.Fd.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
            Whiteout.MakeOpaque(child);
        }
    }

    /// <summary>Hides each lower name by itself: overlayfs does not look for the mark on the root of a layer.</summary>
    private static void HideRoot(LayerDirectory root)
    {
        if (root.Lower is null)
        {
            return;
        }

        using (Fd lower = root.Lower.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            foreach (Entry entry in lower.Entries())
            {
                Hide(root, entry.Name, default);
            }
        }

        root.HideLowerRoot();
    }
}
