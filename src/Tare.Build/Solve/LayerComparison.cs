// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>Finds where two layers of the store differ.</summary>
internal static class LayerComparison
{
    /// <summary>Entries of one layer.</summary>
    private const int MaxEntries = 1 << 22;

    /// <summary>Path and field of the first difference in order of paths; null: the same files.</summary>
    public static string? FirstDifference(BlobStore blobs, Descriptor first, Descriptor second, CancellationToken ct)
    {
        SortedDictionary<string, Facts> one = Read(blobs, first, ct), other = Read(blobs, second, ct);
        foreach (string path in one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            bool isInOne = one.TryGetValue(path, out Facts? a), isInOther = other.TryGetValue(path, out Facts? b);
            if (!isInOne || !isInOther)
            {
                return $"{Quoted.Text(path)} is only in the {(isInOne ? "first" : "second")} one";
            }

            if (a! != b!)
            {
                return $"{Quoted.Text(path)}: {Field(a!, b!)}";
            }
        }

        return null;
    }

    private static string Field(Facts one, Facts other) =>
        one.Type != other.Type ? $"kind {one.Type}, then {other.Type}"
        : one.Content != other.Content ? string.Create(
            CultureInfo.InvariantCulture,
            $"content {one.Content[..12]} ({one.Size} bytes), then {other.Content[..12]} ({other.Size} bytes)")
        : one.Link != other.Link ? $"target {Quoted.Text(one.Link)}, then {Quoted.Text(other.Link)}"
        : one.Mode != other.Mode ? $"mode 0{Convert.ToString(one.Mode, 8)}, then 0{Convert.ToString(other.Mode, 8)}"
        : one.Owner != other.Owner ? $"owner {one.Owner}, then {other.Owner}"
        : one.Time != other.Time ? $"time {one.Time}, then {other.Time}"
        : one.Device != other.Device ? $"device {one.Device}, then {other.Device}"
        : "extended attributes";

    private static SortedDictionary<string, Facts> Read(BlobStore blobs, Descriptor blob, CancellationToken ct)
    {
        SortedDictionary<string, Facts> entries = new(StringComparer.Ordinal);
        using Fd file = blobs.TryOpen(blob.Digest) ?? throw new TareException(ErrorKind.Corrupt, $"blob {blob.Digest}: it is not in the store");
        using UnpackingStream plain = Unpacking.Open(new FdStream(file, leaveOpen: true));
        using var tar = new TarReader(plain, cancel: ct);
        while (tar.Next())
        {
            if (entries.Count == MaxEntries)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"layer {blob.Digest}: more than {MaxEntries} entries");
            }

            entries[Encoding.UTF8.GetString(tar.Entry.Name)] = Of(tar);
        }

        return entries;
    }

    private static Facts Of(TarReader tar)
    {
        TarEntry entry = tar.Entry;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (tar.ReadData(out _) is { IsEmpty: false } data)
        {
            hash.AppendData(data);
        }

        return new Facts(
            entry.Type, entry.Mode, string.Create(CultureInfo.InvariantCulture, $"{entry.Uid}:{entry.Gid}"), entry.Size,
            string.Create(CultureInfo.InvariantCulture, $"{entry.ModifyTime.Seconds}.{entry.ModifyTime.Nanoseconds:000000000}"),
            Encoding.UTF8.GetString(entry.Link), Convert.ToHexStringLower(hash.GetHashAndReset()), entry.Device.ToString()!, Text(entry.Xattrs));
    }

    private static string Text(XattrSet attributes)
    {
        StringBuilder text = new();
        for (int i = 0; i < attributes.Count; i++)
        {
            text.Append(Convert.ToHexString(attributes.Name(i))).Append('=').Append(Convert.ToHexString(attributes.Value(i))).Append(' ');
        }

        return text.ToString();
    }

    private sealed record Facts(
        TarType Type, uint Mode, string Owner, long Size, string Time, string Link, string Content, string Device, string Attributes);
}
