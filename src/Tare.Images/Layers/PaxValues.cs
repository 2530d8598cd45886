// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>What the pax records in force say about the next entry; null where they say nothing.</summary>
/// <remarks>
/// POSIX.1-2017 pax, "pax Extended Header"; records of GNU (sparse), star and libarchive (attributes, devices).
/// The last record of a name counts, an empty value takes it back, unknown names are ignored.
/// </remarks>
internal sealed class PaxValues
{
    private readonly ArrayBufferWriter<byte> _path = new();
    private readonly ArrayBufferWriter<byte> _link = new();

    /// <summary>A header of the entry's own was read, not only global ones.</summary>
    public bool IsLocal { get; private set; }

    public bool HasPath { get; private set; }

    public bool HasLink { get; private set; }

    public ReadOnlySpan<byte> Path => _path.WrittenSpan;

    public ReadOnlySpan<byte> Link => _link.WrittenSpan;

    public long? Size { get; private set; }

    public long? Uid { get; private set; }

    public long? Gid { get; private set; }

    public FileTime? ModifyTime { get; private set; }

    public FileTime? AccessTime { get; private set; }

    public long? DeviceMajor { get; private set; }

    public long? DeviceMinor { get; private set; }

    public XattrSet Xattrs { get; } = new();

    public PaxSparse Sparse { get; } = new();

    public void Clear()
    {
        _path.ResetWrittenCount();
        _link.ResetWrittenCount();
        IsLocal = HasPath = HasLink = false;
        Size = Uid = Gid = DeviceMajor = DeviceMinor = null;
        ModifyTime = AccessTime = null;
        Xattrs.Clear();
        Sparse.Clear();
    }

    /// <param name="records">the body of a pax header</param>
    /// <param name="global">true when it holds for all entries that follow: it may then name no single file</param>
    public void Apply(ReadOnlySpan<byte> records, bool global)
    {
        IsLocal |= !global;
        PaxRecords reader = new(records);
        while (reader.TryRead(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (TryApplyAttribute(key, value))
            {
                continue;
            }

            bool known = TryApplyIdentity(key, value) || Sparse.TryApply(key, value);
            if (known && global)
            {
                throw TarError.Corrupt($"global pax header sets {ByteText.Quote(key)}, which belongs to one file");
            }
        }
    }

    private bool TryApplyIdentity(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("path"u8))
        {
            HasPath = Store(_path, key, value);
        }
        else if (key.SequenceEqual("linkpath"u8))
        {
            HasLink = Store(_link, key, value);
        }
        else if (key.SequenceEqual("size"u8))
        {
            Size = Number(key, value);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TryApplyAttribute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("mtime"u8))
        {
            ModifyTime = Time(key, value);
        }
        else if (key.SequenceEqual("atime"u8))
        {
            AccessTime = Time(key, value);
        }
        else if (key.SequenceEqual("uid"u8))
        {
            Uid = Number(key, value);
        }
        else if (key.SequenceEqual("gid"u8))
        {
            Gid = Number(key, value);
        }
        else if (key.SequenceEqual("SCHILY.devmajor"u8))
        {
            DeviceMajor = Number(key, value);
        }
        else if (key.SequenceEqual("SCHILY.devminor"u8))
        {
            DeviceMinor = Number(key, value);
        }
        else
        {
            return TryApplyXattr(key, value);
        }

        return true;
    }

    private bool TryApplyXattr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith("SCHILY.xattr."u8))
        {
            Xattrs.Set(key["SCHILY.xattr.".Length..], value);
            return true;
        }

        if (!key.StartsWith("LIBARCHIVE.xattr."u8))
        {
            return false;
        }

        // bsdtar writes each attribute in both forms; star's form holds the very bytes
        ReadOnlySpan<byte> name = Unescape(key["LIBARCHIVE.xattr.".Length..]);
        if (!Xattrs.Contains(name))
        {
            Xattrs.Set(name, Decode(key, value));
        }

        return true;
    }

    private static byte[] Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        byte[] padded = new byte[(text.Length + 3) / 4 * 4];
        padded.AsSpan().Fill((byte)'=');
        text.CopyTo(padded);
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Base64.DecodeFromUtf8(padded, bytes, out _, out int written) == OperationStatus.Done
            ? bytes[..written]
            : throw TarError.Corrupt($"pax record {ByteText.Quote(key)} is not base64");
    }

    /// <summary>%XX, as libarchive writes names.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> name)
    {
        List<byte> bytes = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            bool escaped = name[i] == '%' && i + 2 < name.Length
                && Utf8Parser.TryParse(name.Slice(i + 1, 2), out byte _, out int used, 'x') && used == 2;
            if (escaped && Utf8Parser.TryParse(name.Slice(i + 1, 2), out byte code, out _, 'x'))
            {
                bytes.Add(code);
                i += 2;
                continue;
            }

            bytes.Add(name[i]);
        }

        return [.. bytes];
    }

    private static bool Store(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0))
        {
            throw TarError.Corrupt($"pax record {ByteText.Quote(key)} holds a NUL byte");
        }

        target.ResetWrittenCount();
        target.Write(value);
        return !value.IsEmpty;
    }

    private static long? Number(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        value.IsEmpty ? null
        : TarNumber.TryDecimal(value, out long number) ? number
        : throw TarError.Corrupt($"pax record {ByteText.Quote(key)} is {ByteText.Quote(value)}, not a number in range");

    private static FileTime? Time(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        value.IsEmpty ? null
        : TarNumber.TryTime(value, out long seconds, out uint nanoseconds) ? new FileTime(seconds, nanoseconds)
        : throw TarError.Corrupt($"pax record {ByteText.Quote(key)} is {ByteText.Quote(value)}, not a time");
}
