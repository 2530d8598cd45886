// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Building;

/// <summary>Does to a tree of files what a layer says: adds, replaces and removes.</summary>
/// <remarks>So several layers become one: they are replayed into a snapshot of what is below, whose writable directory then
/// holds all that they changed. Only trees of the store are read; names are resolved one by one, and links never followed.</remarks>
internal sealed class LayerReplay : IDisposable
{
    private const int MaxDepth = 400;
    private const int MaxNames = 1 << 20;
    private const uint OwnerOnly = 0b111_000_000;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;

    private readonly Dictionary<ulong, (Fd Directory, byte[] Name)> _linked = [];
    private readonly List<Fd> _pinned = [];
    private readonly CancellationToken _cancel;

    private LayerReplay(CancellationToken cancel) => _cancel = cancel;

    /// <param name="layer">the tree of a layer, with overlayfs's marks; open for reading; lent</param>
    /// <param name="target">the root of the file system that it changes; open for reading; lent</param>
    /// <param name="ct">looked at before each name</param>
    public static void Run(Fd layer, Fd target, CancellationToken ct)
    {
        using var replay = new LayerReplay(ct);
        replay.Directory(layer, target, 0);
    }

    public void Dispose() => _pinned.ForEach(static pinned => pinned.Dispose());

    private void Directory(Fd layer, Fd target, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new LinuxException(Errno.ELOOP, "squash", "a tree that is too deep");
        }

        if (Whiteout.IsOpaque(layer))
        {
            FileTree.Empty(target);
        }

        foreach (byte[] name in layer.SortedNames(MaxNames))
        {
            _cancel.ThrowIfCancellationRequested();
            FileStatus status = layer.Status(name);
            if (Whiteout.IsMark(status))
            {
                FileTree.Remove(target, name);
            }
            else if (status.IsDirectory)
            {
                Enter(layer, target, name, depth);
            }
            else
            {
                FileTree.Remove(target, name);
                Add(layer, target, name, status);
            }
        }

        CopyMetadata(layer, target);
    }

    private void Enter(Fd layer, Fd target, byte[] name, int depth)
    {
        if (target.TryStatus(name) is not { IsDirectory: true })
        {
            FileTree.Remove(target, name);
            target.MakeDirectory(name, OwnerOnly);
        }

        using Fd from = layer.Open(name, Folder);
        using Fd to = target.Open(name, Folder);
        Directory(from, to, depth + 1);
    }

    private void Add(Fd layer, Fd target, byte[] name, in FileStatus status)
    {
        if (status.Links > 1 && _linked.TryGetValue(status.Inode, out (Fd Directory, byte[] Name) first))
        {
            target.MakeHardLink(name, first.Directory, first.Name);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Symlink:
                target.MakeSymlink(name, layer.ReadLink(name));
                target.SetOwner(name, status.Uid, status.Gid);
                target.SetTimes(name, status.AccessTime, status.ModifyTime);
                break;
            case FileKind.Regular:
                using (Fd from = layer.Open(name, OpenFlags.ReadOnly | OpenFlags.NoFollow))
                using (Fd to = target.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly))
                {
                    from.CopyContentTo(to);
                    CopyMetadata(from, to);
                }

                break;
            default:
                target.MakeNode(name, status.Kind, OwnerOnly, status.Device);
                target.SetOwner(name, status.Uid, status.Gid);
                target.SetMode(name, status.Mode);
                target.SetTimes(name, status.AccessTime, status.ModifyTime);
                break;
        }

        if (status.Links > 1)
        {
            Fd pinned = target.Duplicate();
            _pinned.Add(pinned);
            _linked.Add(status.Inode, (pinned, name));
        }
    }

    /// <summary>In this order: a change of owner clears set-uid bits and file capabilities, and all of them touch times.</summary>
    private static void CopyMetadata(Fd from, Fd to)
    {
        FileStatus status = from.Status();
        to.SetOwner(status.Uid, status.Gid);
        to.SetMode(status.Mode);
        foreach (byte[] xattr in from.ListXattrs())
        {
            if (!Whiteout.IsOverlayXattr(xattr) && from.GetXattr(xattr) is { } value)
            {
                to.SetXattr(xattr, value);
            }
        }

        to.SetTimes(status.AccessTime, status.ModifyTime);
    }
}
