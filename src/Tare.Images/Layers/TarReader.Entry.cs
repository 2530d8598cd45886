// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The chapter about one entry: its header's fields and the records that override them.</summary>
internal sealed partial class TarReader
{
    private const uint PermissionBits = 0xFFF;
    private const long MaxId = uint.MaxValue - 1L;
    private const long MaxMajor = (1 << 12) - 1;
    private const long MaxMinor = (1 << 20) - 1;

    /// <summary>For messages only: it allocates.</summary>
    private string Named => ByteText.Quote(Entry.Name);

    private void ReadEntry(TarHeader header)
    {
        bool oldSparse = header.TypeFlag == (byte)'S' && header.IsGnu;
        ReadNames(header);
        Entry.Type = oldSparse ? TarType.Regular : TypeOf(header);
        ReadAttributes(header);
        ReadDevice(header);

        long stored = IsHeaderOnly(Entry.Type) ? 0 : _pax.Size ?? Field(header.DataSize, "size");
        if (stored > _maxBytes - Position)
        {
            throw TarError.TooMuch($"entry {Named} is {stored} bytes, which passes the archive's {_maxBytes}");
        }

        StartData(header, stored, oldSparse);
    }

    private void ReadNames(TarHeader header)
    {
        if (_hasLongName)
        {
            Entry.SetName(default, UpToNul(_longName.WrittenSpan));
        }
        else if (_pax.Sparse.IsSparse && !_pax.Sparse.Name.IsEmpty)
        {
            Entry.SetName(default, _pax.Sparse.Name);
        }
        else if (_pax.HasPath)
        {
            Entry.SetName(default, _pax.Path);
        }
        else
        {
            Entry.SetName(header.Prefix, header.Name);
        }

        Entry.SetLink(_hasLongLink ? UpToNul(_longLink.WrittenSpan) : _pax.HasLink ? _pax.Link : header.Link);
    }

    private TarType TypeOf(TarHeader header)
    {
        switch (header.TypeFlag)
        {
            case 0 when header.Name.EndsWith((byte)'/'):
                return TarType.Directory; // V7 had no flag for directories
            case 0 or (byte)'0' or (byte)'7':
                return TarType.Regular;
            case >= (byte)'1' and <= (byte)'6':
                return (TarType)header.TypeFlag;
            default:
                throw TarError.Corrupt($"entry {Named} has type flag 0x{header.TypeFlag:x2}, which no image may use");
        }
    }

    private void ReadAttributes(TarHeader header)
    {
        Entry.Mode = (uint)Field(header.Mode, "mode") & PermissionBits;
        Entry.Uid = Id(_pax.Uid ?? Field(header.Uid, "uid"), "uid");
        Entry.Gid = Id(_pax.Gid ?? Field(header.Gid, "gid"), "gid");
        Entry.AccessTime = _pax.AccessTime;
        Entry.Xattrs = _pax.Xattrs;
        if (_pax.ModifyTime is { } time)
        {
            Entry.ModifyTime = time;
            return;
        }

        // base-256 may be negative here: a file from before 1970
        Entry.ModifyTime = TarNumber.TryField(header.ModifyTime, out long seconds)
            ? new FileTime(seconds, 0)
            : throw Malformed("mtime");
    }

    private void ReadDevice(TarHeader header)
    {
        Entry.Device = default;
        if (Entry.Type is not (TarType.CharacterDevice or TarType.BlockDevice))
        {
            return;
        }

        long major = _pax.DeviceMajor ?? Field(header.DeviceMajor, "device major");
        long minor = _pax.DeviceMinor ?? Field(header.DeviceMinor, "device minor");
        Entry.Device = major <= MaxMajor && minor <= MaxMinor
            ? new DeviceNumber((uint)major, (uint)minor)
            : throw TarError.Corrupt($"entry {Named} has device number {major}:{minor}, more than the kernel holds");
    }

    private static bool IsHeaderOnly(TarType type) => type != TarType.Regular;

    private long Field(ReadOnlySpan<byte> field, string what) =>
        TarNumber.TryField(field, out long value) && value >= 0 ? value : throw Malformed(what);

    private uint Id(long id, string what) =>
        id is >= 0 and <= MaxId ? (uint)id : throw TarError.Corrupt($"entry {Named} has {what} {id}, more than {MaxId}");

    private Oci.TareException Malformed(string what) =>
        TarError.Corrupt($"entry {Named} has a malformed or negative {what}");

    private static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }
}
