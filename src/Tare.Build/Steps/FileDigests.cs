// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Digests of a context's files from earlier builds, by inode: a file whose change time and size are those of
/// then is not read again, nor even opened.</summary>
/// <remarks>A file of fixed records in the builder's folder, one for each context; what is damaged or too large counts as
/// empty. Safe to use from several threads.</remarks>
internal sealed class FileDigests
{
    private const int RecordBytes = 8 + 8 + 4 + 8 + 1 + HashBytes;
    private const int HashBytes = 32;
    private const int MaxBytes = 256 << 20;

    /// <summary>A file that changed a moment ago may change again within one tick of its clock.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Known> _known = [];
    private readonly Dictionary<ulong, Known> _used = [];
    private readonly Fd _folder;
    private readonly byte[] _name;
    private readonly DeviceNumber _device;
    private readonly long _newest;
    private bool _isChanged;

    /// <param name="folder">the builder's; lent</param>
    /// <param name="context">the root of the context</param>
    /// <param name="now">when the build began</param>
    public FileDigests(Fd folder, in FileStatus context, DateTimeOffset now)
    {
        _folder = folder;
        _device = context.FileSystem;
        _name = System.Text.Encoding.ASCII.GetBytes($"digests-{_device.Major:x}-{_device.Minor:x}-{context.Inode:x}");
        _newest = (now - Settled).ToUnixTimeSeconds();
        Read();
    }

    /// <summary>What is known of a file that is as it was; null: it has to be looked at.</summary>
    public KnownFile? Find(in FileStatus status)
    {
        lock (_gate)
        {
            if (status.FileSystem == _device && _known.TryGetValue(status.Inode, out Known known)
                && known.Changed == status.ChangeTime && known.Size == status.Size)
            {
                _used[status.Inode] = known;
                return known.File;
            }

            return null;
        }
    }

    public void Add(in FileStatus status, KnownFile file)
    {
        lock (_gate)
        {
            if (status.FileSystem == _device && status.ChangeTime.Seconds < _newest)
            {
                Known known = new(status.ChangeTime, status.Size, file);
                _known[status.Inode] = known;
                _used[status.Inode] = known;
                _isChanged = true;
            }
        }
    }

    /// <summary>Keeps what this build used, for the next one.</summary>
    public void Save()
    {
        lock (_gate)
        {
            if (!_isChanged)
            {
                return;
            }

            byte[] bytes = new byte[_used.Count * RecordBytes];
            Span<byte> rest = bytes;
            foreach ((ulong inode, Known known) in _used)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(rest, inode);
                BinaryPrimitives.WriteInt64LittleEndian(rest[8..], known.Changed.Seconds);
                BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], known.Changed.Nanoseconds);
                BinaryPrimitives.WriteInt64LittleEndian(rest[20..], known.Size);
                rest[28] = known.File.HasAttributes ? (byte)1 : (byte)0;
                known.File.Digest.CopyTo(rest[29..]);
                rest = rest[RecordBytes..];
            }

            AtomicFile.Write(_folder, _name, [.. SHA256.HashData(bytes), .. bytes], durable: false);
            _isChanged = false;
        }
    }

    private void Read()
    {
        if (_folder.TryStatus(_name) is not { IsRegular: true, Size: <= MaxBytes })
        {
            return;
        }

        byte[]? bytes = AtomicFile.TryRead(_folder, _name, MaxBytes);
        if (bytes is null || bytes.Length < HashBytes || (bytes.Length - HashBytes) % RecordBytes != 0
            || !SHA256.HashData(bytes.AsSpan(HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, HashBytes)))
        {
            return;
        }

        for (ReadOnlySpan<byte> rest = bytes.AsSpan(HashBytes); !rest.IsEmpty; rest = rest[RecordBytes..])
        {
            FileTime changed = new(
                BinaryPrimitives.ReadInt64LittleEndian(rest[8..]), BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]));
            _known[BinaryPrimitives.ReadUInt64LittleEndian(rest)] = new(
                changed, BinaryPrimitives.ReadInt64LittleEndian(rest[20..]), new KnownFile(rest.Slice(29, HashBytes).ToArray(), rest[28] != 0));
        }
    }

    private readonly record struct Known(FileTime Changed, long Size, KnownFile File);
}

/// <summary>What does not have to be read again of a file that did not change.</summary>
/// <param name="Digest">of its content</param>
/// <param name="HasAttributes">it has extended attributes that count, which are read anew</param>
internal readonly record struct KnownFile(byte[] Digest, bool HasAttributes);
