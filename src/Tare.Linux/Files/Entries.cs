// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>The names in a directory, in the order of the file system, without <c>.</c> and <c>..</c>.</summary>
/// <remarks>
/// <c>foreach (Entry entry in directory.Entries())</c>. Reads from the start each time, with the position of the open
/// file: one enumeration at a time per description. The directory must be open for reading, not O_PATH.
/// man getdents64(2): what is added or removed meanwhile may or may not appear.
/// </remarks>
internal unsafe ref struct Entries
{
    private const int BufferBytes = 32 * 1024;
    private const int NameOffset = 19;

    private readonly Fd _directory;
    private byte[]? _buffer;
    private int _next;
    private int _end;

    internal Entries(Fd directory)
    {
        _directory = directory;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        Libc.Check((nint)Libc.lseek(directory.Raw, 0, Libc.SEEK_SET), "lseek", "directory");
    }

    /// <summary>Valid until the next MoveNext.</summary>
    public Entry Current { get; private set; }

    public readonly Entries GetEnumerator() => this;

    public bool MoveNext()
    {
        do
        {
            if (_next == _end && !Fill())
            {
                return false;
            }

            Current = Parse();
        }
        while (Current.Name.SequenceEqual("."u8) || Current.Name.SequenceEqual(".."u8));
        return true;
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Fill()
    {
        fixed (byte* p = _buffer)
        {
            _next = 0;
            _end = (int)Libc.Check(Libc.getdents64(_directory.Raw, p, (nuint)_buffer!.Length), "getdents64");
        }

        return _end > 0;
    }

    /// <summary>struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name with NUL and padding.</summary>
    private Entry Parse()
    {
        ReadOnlySpan<byte> record = _buffer.AsSpan(_next, _end - _next);
        ulong inode = MemoryMarshal.Read<ulong>(record);
        int length = MemoryMarshal.Read<ushort>(record[16..]);
        ReadOnlySpan<byte> name = record[NameOffset..length];
        _next += length;
        return new Entry(name[..name.IndexOf((byte)0)], (FileKind)(record[18] << 12), inode);
    }
}
