// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tare.Build.Attest;

/// <summary>A header of an rpm package, as rpm's database keeps it.</summary>
/// <remarks>rpm-software-management.github.io/rpm/manual/format_header.html, without the magic in front: two counts, entries of
/// 16 bytes, data. All numbers are big-endian.</remarks>
internal static class RpmHeader
{
    private const int EntryBytes = 16;
    private const int CountsBytes = 8;
    private const int MaxEntries = 1 << 16;
    private const int MaxText = 4096;

    private const uint Name = 1000, Version = 1001, Release = 1002, Epoch = 1003, Vendor = 1011, License = 1014, Packager = 1015;
    private const uint Url = 1020, Architecture = 1022, SourcePackage = 1044;

    private const uint Number = 4, Text = 6, Texts = 8, LocalTexts = 9;

    /// <summary>A key that packages are signed with stands among them.</summary>
    private const string Key = "gpg-pubkey";

    /// <summary>The package; null when the bytes are none, or a key.</summary>
    public static Package? Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length < CountsBytes)
        {
            return null;
        }

        uint entries = BinaryPrimitives.ReadUInt32BigEndian(header), bytes = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (entries > MaxEntries || CountsBytes + (EntryBytes * (long)entries) + bytes > header.Length)
        {
            return null;
        }

        Dictionary<uint, string> values = [];
        ReadOnlySpan<byte> data = header.Slice(CountsBytes + (EntryBytes * (int)entries), (int)bytes);
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = header.Slice(CountsBytes + (i * EntryBytes), EntryBytes);
            uint tag = BinaryPrimitives.ReadUInt32BigEndian(entry);
            if (IsWanted(tag) && ValueOf(entry, data) is { } value)
            {
                values.TryAdd(tag, value);
            }
        }

        return ToPackage(values);
    }

    private static Package? ToPackage(Dictionary<uint, string> values)
    {
        if (!values.TryGetValue(Name, out string? name) || name is Key or "" || !values.TryGetValue(Version, out string? version))
        {
            return null;
        }

        return new Package("rpm", name, values.TryGetValue(Release, out string? release) ? $"{version}-{release}" : version)
        {
            Architecture = values.GetValueOrDefault(Architecture),
            Epoch = values.GetValueOrDefault(Epoch) is { } epoch and not "0" ? epoch : null,
            Source = values.GetValueOrDefault(SourcePackage),
            License = values.GetValueOrDefault(License),
            Maintainer = values.GetValueOrDefault(Vendor) ?? values.GetValueOrDefault(Packager),
            Homepage = values.GetValueOrDefault(Url),
        };
    }

    private static bool IsWanted(uint tag) =>
        tag is Name or Version or Release or Epoch or Vendor or License or Packager or Url or Architecture or SourcePackage;

    /// <summary>The first value of an entry, as text.</summary>
    private static string? ValueOf(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> data)
    {
        uint type = BinaryPrimitives.ReadUInt32BigEndian(entry[4..]), at = BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(entry[12..]);
        if (count == 0 || at >= data.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> value = data[(int)at..];
        switch (type)
        {
            case Number:
                return value.Length < sizeof(uint) ? null : BinaryPrimitives.ReadUInt32BigEndian(value).ToString(CultureInfo.InvariantCulture);
            case Text or Texts or LocalTexts:
                int end = value[..Math.Min(value.Length, MaxText)].IndexOf((byte)0);
                return end < 0 ? null : PackageDatabase.Plain(Encoding.UTF8.GetString(value[..end]));
            default:
                return null;
        }
    }
}
