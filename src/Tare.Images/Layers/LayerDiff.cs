// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Layers;

/// <summary>Writes what a container or build step changed, the writable directory of its overlay, as a layer's archive.</summary>
/// <remarks>
/// image-spec layer.md#creating: the other direction of <see cref="LayerWriter"/>. Names are sorted, so that equal
/// directories give equal bytes. Sockets are left out, they mean nothing without their process. Nobody may write there
/// meanwhile.
/// </remarks>
internal sealed class LayerDiff
{
    private const int MaxNames = 1 << 20;
    private const int BufferBytes = 256 * 1024;
    private const OpenFlags DirectoryFlags = OpenFlags.ReadOnly | OpenFlags.Directory;

    private readonly TarWriter _tar;
    private readonly CancellationToken _cancel;
    private readonly IReadOnlySet<string>? _without;
    private readonly XattrSet _xattrs = new();
    private readonly Dictionary<ulong, byte[]> _linked = [];
    private bool _opaque;
    private int _depth;

    private LayerDiff(TarWriter tar, IReadOnlySet<string>? without, CancellationToken cancel)
    {
        _tar = tar;
        _cancel = cancel;
        _without = without;
    }

    /// <param name="upper">the writable directory of an overlay; lent</param>
    /// <param name="archive">gets the uncompressed tar; lent; should be buffered</param>
    /// <param name="without">paths that are left out, without a slash at their beginning; null: none</param>
    /// <param name="cancel">looked at before each entry</param>
    /// <returns>bytes written</returns>
    /// <exception cref="TareException">ResourceExhausted; NotSupported when part of a file or directory is still in a lower layer</exception>
    /// <exception cref="LinuxException">what the kernel said</exception>
    public static long Write(Root upper, Stream archive, IReadOnlySet<string>? without, CancellationToken cancel)
    {
        TarWriter tar = new(archive);
        LayerDiff diff = new(tar, without, cancel);
        using Fd top = upper.Resolve("."u8, DirectoryFlags);
        diff.AddDirectory(top, "./"u8, []);
        tar.End();
        return tar.Position;
    }

    /// <summary>All of it.</summary>
    public static long Write(Root upper, Stream archive, CancellationToken cancel = default) => Write(upper, archive, null, cancel);

    /// <param name="directory">open for reading</param>
    /// <param name="name">as it stands in the archive</param>
    /// <param name="prefix">of the names below</param>
    private void AddDirectory(Fd directory, ReadOnlySpan<byte> name, byte[] prefix)
    {
        Begin(TarType.Directory, directory, directory.Status(), name, default);
        if (_opaque)
        {
            _tar.Begin(new TarItem { Name = (byte[])[.. prefix, .. Whiteout.OpaqueName], Mode = 0 });
        }

        if (++_depth > LayerLimits.MaxDepth || prefix.Length > LayerLimits.MaxPathBytes)
        {
            throw TarError.TooMuch($"directory {ByteText.Quote(name)} is more than {LayerLimits.MaxDepth} deep, or its name is too long");
        }

        foreach (byte[] child in directory.SortedNames(MaxNames))
        {
            _cancel.ThrowIfCancellationRequested();
            Add(directory, child, prefix);
        }

        _depth--;
    }

    private void Add(Fd directory, byte[] name, byte[] prefix)
    {
        FileStatus status = directory.Status(name);
        byte[] path = [.. prefix, .. name];
        if (_without is { Count: > 0 } && _without.Contains(Encoding.UTF8.GetString(path)))
        {
            return;
        }

        if (name.AsSpan().StartsWith(Whiteout.Prefix))
        {
            throw new TareException(ErrorKind.NotSupported, $"{ByteText.Quote(path)} has a name that layers use for whiteouts");
        }

        if (Whiteout.IsMark(status))
        {
            _tar.Begin(new TarItem { Name = (byte[])[.. prefix, .. Whiteout.Prefix, .. name], Mode = 0 });
        }
        else if (status.IsDirectory)
        {
            using Fd child = directory.Open(name, DirectoryFlags);
            AddDirectory(child, path, [.. path, (byte)'/']);
        }
        else if (status.Kind != FileKind.Socket)
        {
            AddFile(directory, name, status, path);
        }
    }

    private void AddFile(Fd directory, byte[] name, in FileStatus status, byte[] path)
    {
        if (status.Links > 1 && !_linked.TryAdd(status.Inode, path))
        {
            _tar.Begin(Item(TarType.HardLink, status, path, _linked[status.Inode]));
            return;
        }

        using Fd file = directory.Open(name, status.IsRegular ? OpenFlags.ReadOnly : OpenFlags.Path);
        Begin(TypeOf(status.Kind), file, status, path, status.IsSymlink ? directory.ReadLink(name) : default);
        if (status.IsRegular)
        {
            Copy(file, status.Size, path);
        }
    }

    private void Begin(TarType type, Fd file, in FileStatus status, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link)
    {
        ReadXattrs(file, name);
        _tar.Begin(Item(type, status, name, link, _xattrs));
    }

    private static TarItem Item(
        TarType type, in FileStatus status, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, XattrSet? xattrs = null) => new()
        {
            Type = type,
            Name = name,
            Link = link,
            Mode = status.Mode,
            Uid = status.Uid,
            Gid = status.Gid,
            Size = type == TarType.Regular ? status.Size : 0,
            ModifyTime = status.ModifyTime,
            Device = status.Device,
            Xattrs = xattrs,
        };

    private static TarType TypeOf(FileKind kind) => kind switch
    {
        FileKind.Regular => TarType.Regular,
        FileKind.Symlink => TarType.Symlink,
        FileKind.Fifo => TarType.Fifo,
        FileKind.CharacterDevice => TarType.CharacterDevice,
        FileKind.BlockDevice => TarType.BlockDevice,
        _ => throw new TareException(ErrorKind.NotSupported, $"no layer can hold a {kind}"),
    };

    private void ReadXattrs(Fd file, ReadOnlySpan<byte> name)
    {
        _xattrs.Clear();
        _opaque = false;
        foreach (byte[] attribute in file.ListXattrs())
        {
            if (!Whiteout.IsOverlayXattr(attribute))
            {
                _xattrs.Set(attribute, file.GetXattr(attribute) ?? []);
            }
            else if (attribute.AsSpan().EndsWith(".redirect"u8) || attribute.AsSpan().EndsWith(".metacopy"u8))
            {
                throw new TareException(ErrorKind.NotSupported, $"{ByteText.Quote(name)} is partly in a lower layer");
            }
        }

        _opaque = Whiteout.IsOpaque(file);
    }

    private void Copy(Fd file, long size, byte[] path)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (size > 0)
            {
                int read = file.Read(buffer.AsSpan(0, (int)Math.Min(size, BufferBytes)));
                if (read == 0)
                {
                    throw new TareException(ErrorKind.Conflict, $"{ByteText.Quote(path)} became shorter while it was read");
                }

                _tar.Write(buffer.AsSpan(0, read));
                size -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
