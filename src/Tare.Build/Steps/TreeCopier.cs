// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Ignore;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>Copies what it is shown to a place in a root file system, by the rules of COPY.</summary>
/// <remarks>Every path is resolved through the root that is written to; nothing there is followed outside. Folders that
/// lead to the destination and are missing belong to the given owner, mode 0755 or that of an octal <c>--chmod</c>. Used once; Dispose closes what is open.</remarks>
internal sealed class TreeCopier : ISelectionVisitor, IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private const int MaxLinks = 40;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory;

    private readonly CopyTarget _target;
    private readonly Dictionary<(DeviceNumber FileSystem, ulong Inode), string> _linked = [];
    private readonly Stack<(Fd Fd, FileTime? Time)> _open = new();
    private readonly InputTree _tree;
    private Fd? _base;
    private byte[]? _fileName;
    private bool _isNew;

    public TreeCopier(CopyTarget target, InputTree tree)
    {
        _target = target;
        _tree = tree;
    }

    public void BeginSource(byte[] name, bool isFolder)
    {
        CloseBase();
        _linked.Clear();
        string destination = _target.Destination;
        bool isSlashed = destination.EndsWith('/');
        using Fd? there = _target.Root.TryResolve(Bytes(destination), OpenFlags.Path);
        bool isDirectory = there?.Status().IsDirectory == true;
        if (isFolder || isSlashed || isDirectory)
        {
            if (there is not null && !isDirectory)
            {
                throw new TareException(ErrorKind.InvalidArgument, $"cannot copy to non-directory: {destination}");
            }

            _isNew = there is null && !isSlashed && isFolder && !_target.KeepsParents;
            using Fd made = _target.Root.MakeDirectories(Bytes(destination), _target.FolderMode, _target.Uid ?? 0, _target.Gid ?? 0);
            _base = made.Reopen(Folder);
            _fileName = isFolder ? null : name;
            return;
        }

        (_base, _fileName) = Final(destination);
    }

    public void EnterFolder(in SelectedEntry folder)
    {
        if (_open.Count == 0)
        {
            _open.Push((_base!.Duplicate(), _isNew ? TimeOf(folder) : null));
            if (_isNew)
            {
                Describe(_base!, folder);
            }

            return;
        }

        Fd parent = _open.Peek().Fd;
        bool made = parent.TryMakeDirectory(folder.Name, OwnerOnly);
        if (!made && !parent.Status(folder.Name).IsDirectory)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"cannot copy to non-directory: {_target.Destination.TrimEnd('/')}/{folder.Path}");
        }

        Fd fd = parent.Open(folder.Name, Folder | OpenFlags.NoFollow);
        _open.Push((fd, TimeOf(folder)));
        Describe(fd, folder);
    }

    public void LeaveFolder()
    {
        (Fd fd, FileTime? time) = _open.Pop();
        using (fd)
        {
            if (time is { } modified)
            {
                fd.SetTimes(modified, modified);
            }
        }
    }

    public void File(in SelectedEntry file)
    {
        Fd parent = _open.Count > 0 ? _open.Peek().Fd : _base!;
        byte[] name = _open.Count > 0 ? file.Name : _fileName!;
        if (parent.TryStatus(name) is { } there)
        {
            if (there.IsDirectory)
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"cannot replace to directory {_target.Destination} with file {file.Path}");
            }

            parent.Unlink(name);
        }

        switch (file.Status.Kind)
        {
            case FileKind.Regular:
                Regular(parent, name, file);
                break;
            case FileKind.Symlink:
                parent.MakeSymlink(name, file.Handle.ReadLink());
                Finish(parent, name, file);
                break;
            default:
                parent.MakeNode(name, file.Status.Kind, OwnerOnly, file.Status.Device);
                Finish(parent, name, file);
                break;
        }
    }

    public void Dispose()
    {
        CloseBase();
        while (_open.TryPop(out (Fd Fd, FileTime?) one))
        {
            one.Fd.Dispose();
        }
    }

    /// <summary>A file of context text.</summary>
    public void Text(string name, string content)
    {
        BeginSource(Bytes(name), isFolder: false);
        if (_base!.TryStatus(_fileName!) is { IsDirectory: false })
        {
            _base!.Unlink(_fileName!);
        }

        using Fd file = _base!.Open(_fileName!, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly);
        file.Write(Bytes(content));
        file.SetOwner(_target.Uid ?? 0, _target.Gid ?? 0);
        file.SetMode(_target.Mode?.Apply(0b110_100_100, isFolder: false) ?? 0b110_100_100);
        file.SetTimes(_target.Time, _target.Time);
    }

    private void Regular(Fd parent, byte[] name, in SelectedEntry file)
    {
        FileStatus status = file.Status;
        bool mayBeLinked = !_tree.IsContext && status.Links > 1;
        if (mayBeLinked && _linked.TryGetValue((status.FileSystem, status.Inode), out string? first) && TryLink(parent, name, first))
        {
            return;
        }

        using Fd source = file.OpenRead();
        using Fd copy = parent.Open(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, OwnerOnly);
        source.CopyContentTo(copy);
        Describe(copy, file);
        FileTime time = TimeOf(file);
        copy.SetTimes(time, time);
        if (mayBeLinked)
        {
            _linked[(status.FileSystem, status.Inode)] = file.Path;
        }

    }

    /// <summary>Links to a file that was copied before, below the same base.</summary>
    private bool TryLink(Fd parent, byte[] name, string first)
    {
        if (_base is null || _open.Count == 0)
        {
            return false;
        }

        using Root below = Root.From(_base.Duplicate());
        using Fd? folder = below.TryResolve(
            Bytes(first.Contains('/') ? first[..first.LastIndexOf('/')] : "."), OpenFlags.Path | OpenFlags.Directory, ResolveMode.NoSymlinks);
        byte[] older = Bytes(first[(first.LastIndexOf('/') + 1)..]);
        if (folder?.TryStatus(older) is null)
        {
            return false;
        }

        parent.MakeHardLink(name, folder, older);
        return true;
    }

    private void Describe(Fd to, in SelectedEntry entry)
    {
        // the owner first: chown(2) clears set-uid bits and file capabilities
        FileStatus status = entry.Status;
        to.SetOwner(OwnerOf(status).Uid, OwnerOf(status).Gid);
        uint mode = _tree.ModeOf(status);
        to.SetMode(_target.Mode?.Apply(mode, status.IsDirectory) ?? mode);
        foreach ((byte[] name, byte[] value) in FileAttributes.Of(entry.Handle, _tree.IsContext))
        {
            to.SetXattr(name, value);
        }
    }

    private void Finish(Fd parent, byte[] name, in SelectedEntry entry)
    {
        FileStatus status = entry.Status;
        parent.SetOwner(name, OwnerOf(status).Uid, OwnerOf(status).Gid);
        if (!status.IsSymlink)
        {
            uint mode = _tree.ModeOf(status);
            parent.SetMode(name, _target.Mode?.Apply(mode, isFolder: false) ?? mode);
        }

        FileTime time = TimeOf(entry);
        parent.SetTimes(name, time, time);
    }

    private (uint Uid, uint Gid) OwnerOf(in FileStatus status) =>
        (_target.Uid ?? (_tree.IsContext ? 0 : status.Uid), _target.Gid ?? (_tree.IsContext ? 0 : status.Gid));

    private FileTime TimeOf(in SelectedEntry entry) => _tree.IsContext ? _target.Time : entry.Status.ModifyTime;

    /// <summary>Where a file of this path is really written: links in its last place are followed inside the root.</summary>
    private (Fd Parent, byte[] Name) Final(string path)
    {
        for (int links = 0; links < MaxLinks; links++)
        {
            path = PathText.Rooted(path);
            int slash = path.LastIndexOf('/');
            string folder = slash == 0 ? "/" : path[..slash];
            using Fd made = _target.Root.MakeDirectories(Bytes(folder), _target.FolderMode, _target.Uid ?? 0, _target.Gid ?? 0);
            byte[] name = Bytes(path[(slash + 1)..]);
            if (made.TryStatus(name) is not { IsSymlink: true })
            {
                return (made.Reopen(Folder), name);
            }

            string target = Encoding.UTF8.GetString(made.ReadLink(name));
            path = target.StartsWith('/') ? target : $"{folder}/{target}";
        }

        throw new TareException(ErrorKind.InvalidArgument, $"{_target.Destination}: too many levels of symbolic links");
    }

    private void CloseBase()
    {
        _base?.Dispose();
        _base = null;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
