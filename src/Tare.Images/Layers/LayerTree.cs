// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The layer on disk as its writer walks it: the open directories from the root to where the last entry was.</summary>
/// <remarks>
/// Every step is one component, opened relative to the directory above without following links, so no name can lead out
/// of the layer. Entries of real layers are sorted by directory: the next one mostly needs no step at all. A symbolic
/// link in the way is followed inside the layer as it looks on top of the lower ones; one that climbs above the root or
/// leads to nothing is refused.
/// </remarks>
internal sealed class LayerTree : IDisposable
{
    private const int MaxLinks = 40;
    private const uint OwnerOnly = 0b111_000_000;
    private const uint DefaultMode = 0b111_101_101;
    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory;

    private readonly List<LayerDirectory> _path = [];
    private int _links;
    private FileTime _time;

    /// <param name="target">an empty directory of the store; lent</param>
    /// <param name="parents">the merged view of the layers below; lent; null when there are none</param>
    public LayerTree(Root target, Root? parents)
    {
        Fd root = target.Resolve("."u8, DirectoryFlags);
        _path.Add(new LayerDirectory(root, parents?.Fd.Duplicate()));
        if (parents is null)
        {
            root.SetOwner(0, 0);
            root.SetMode(DefaultMode);
            return;
        }

        FileStatus status = parents.Fd.Status();
        Metadata.Copy(parents.Fd, status, root);
        (Top.AccessTime, Top.ModifyTime) = (status.AccessTime, status.ModifyTime);
    }

    public LayerDirectory Root => _path[0];

    public LayerDirectory Top => _path[^1];

    /// <summary>Goes to a directory and makes what is missing of it, as it is in the layers below or with mode 0755.</summary>
    /// <param name="path">normalised, see <see cref="LayerPath"/>; empty is the root</param>
    /// <param name="time">the times of directories that no layer below has</param>
    /// <param name="create">false: what neither this layer nor those below have is an error</param>
    public LayerDirectory Enter(ReadOnlySpan<byte> path, FileTime time, bool create = true)
    {
        _links = 0;
        _time = time;
        int depth = 1;
        while (depth < _path.Count && !path.IsEmpty && First(path, out ReadOnlySpan<byte> rest).SequenceEqual(_path[depth].Name))
        {
            path = rest;
            depth++;
        }

        LeaveTo(depth);
        Walk(path, create);
        return Top;
    }

    /// <summary>Steps into a directory that an entry made; the next entries are mostly in it.</summary>
    public LayerDirectory Push(Fd directory, ReadOnlySpan<byte> name, bool? opaque)
    {
        if (_path.Count > LayerLimits.MaxDepth)
        {
            directory.Dispose();
            throw TarError.TooMuch($"directory {ByteText.Quote(name)} is more than {LayerLimits.MaxDepth} deep");
        }

        LayerDirectory child = new(directory, name, Top, opaque);
        _path.Add(child);
        return child;
    }

    /// <summary>Gives all open directories their times; the last call on a good way.</summary>
    public void Finish() => LeaveTo(0);

    /// <summary>Closes without giving times, after a failure.</summary>
    public void Dispose()
    {
        foreach (LayerDirectory directory in _path)
        {
            directory.Dispose();
        }

        _path.Clear();
    }

    private void LeaveTo(int depth)
    {
        while (_path.Count > depth)
        {
            Top.Leave();
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void Walk(ReadOnlySpan<byte> path, bool create)
    {
        while (!path.IsEmpty)
        {
            ReadOnlySpan<byte> name = First(path, out path);
            if (name.SequenceEqual(".."u8))
            {
                Climb();
            }
            else if (!name.IsEmpty && !name.SequenceEqual("."u8))
            {
                Step(name, create);
            }
        }
    }

    private void Climb()
    {
        if (_path.Count == 1)
        {
            throw TarError.Corrupt("a symbolic link on the way leads out of the layer");
        }

        LeaveTo(_path.Count - 1);
    }

    private void Step(ReadOnlySpan<byte> name, bool create)
    {
        LayerDirectory parent = Top;
        if (parent.Fd.TryStatus(name) is not { } status)
        {
            StepBelow(parent, name, create);
        }
        else if (status.IsDirectory)
        {
            LayerDirectory child = Push(parent.Fd.Open(name, DirectoryFlags), name, null);
            (child.AccessTime, child.ModifyTime) = (status.AccessTime, status.ModifyTime);
        }
        else if (status.IsSymlink)
        {
            Follow(name, parent.Fd.ReadLink(name));
        }
        else if (Whiteout.IsMark(status) && create)
        {
            parent.Fd.Unlink(name);
            Make(name).HideLower();
        }
        else
        {
            throw TarError.Corrupt($"{ByteText.Quote(name)} on the way is not a directory");
        }
    }

    /// <summary>This layer has no such name; the layers below may.</summary>
    private void StepBelow(LayerDirectory parent, ReadOnlySpan<byte> name, bool create)
    {
        FileStatus? below = parent.Lower?.TryStatus(name);
        if (below is { IsSymlink: true })
        {
            Follow(name, parent.Lower!.ReadLink(name));
        }
        else if (below is { IsDirectory: true } status)
        {
            LayerDirectory child = Make(name);
            Metadata.Copy(child.Lower!, status, child.Fd);
            (child.AccessTime, child.ModifyTime) = (status.AccessTime, status.ModifyTime);
        }
        else if (create)
        {
            Make(name);
        }
        else
        {
            throw TarError.Corrupt($"{ByteText.Quote(name)} on the way does not exist");
        }
    }

    private LayerDirectory Make(ReadOnlySpan<byte> name)
    {
        Top.Fd.MakeDirectory(name, OwnerOnly);
        LayerDirectory child = Push(Top.Fd.Open(name, DirectoryFlags), name, opaque: false);
        child.Fd.SetOwner(0, 0);
        child.Fd.SetMode(DefaultMode);
        (child.AccessTime, child.ModifyTime) = (_time, _time);
        return child;
    }

    private void Follow(ReadOnlySpan<byte> name, byte[] target)
    {
        if (++_links > MaxLinks)
        {
            throw TarError.Corrupt($"{ByteText.Quote(name)} on the way is one of more than {MaxLinks} symbolic links");
        }

        if (target.AsSpan().StartsWith("/"u8))
        {
            LeaveTo(1);
        }

        Walk(target, create: false);
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> rest)
    {
        int slash = path.IndexOf((byte)'/');
        rest = slash < 0 ? default : path[(slash + 1)..];
        return slash < 0 ? path : path[..slash];
    }
}
