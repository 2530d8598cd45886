// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>Finds out how a stream is packed, and opens it.</summary>
internal static class Unpacking
{
    /// <summary>Bytes that <see cref="Detect"/> wants to see.</summary>
    public const int MagicBytes = 6;

    /// <summary>By the first bytes; fewer than <see cref="MagicBytes"/> are enough for what they can tell.</summary>
    public static CompressionFormat Detect(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> gzip = [0x1f, 0x8b, 0x08];
        ReadOnlySpan<byte> zstd = [0x28, 0xb5, 0x2f, 0xfd];
        ReadOnlySpan<byte> xz = [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];
        return start.StartsWith(gzip) ? CompressionFormat.Gzip
            : start.StartsWith(zstd) || IsSkippableFrame(start) ? CompressionFormat.Zstd
            : start.StartsWith(xz) ? CompressionFormat.Xz
            : CompressionFormat.None;
    }

    /// <summary>Reads the first bytes of the source and opens what they say; unknown formats come through unchanged.</summary>
    public static UnpackingStream Open(Stream source, bool leaveOpen = false)
    {
        Span<byte> start = stackalloc byte[MagicBytes];
        int length = source.ReadAtLeast(start, MagicBytes, throwOnEndOfStream: false);
        return Open(source, Detect(start[..length]), leaveOpen, start[..length]);
    }

    /// <summary>Opens a source whose format was said by somebody, such as a media type.</summary>
    public static UnpackingStream Open(
        Stream source, CompressionFormat format, bool leaveOpen = false, ReadOnlySpan<byte> prefix = default) =>
        format switch
        {
            CompressionFormat.None => new PlainReader(source, leaveOpen, prefix),
            CompressionFormat.Gzip => new GzipReader(source, leaveOpen, prefix),
            CompressionFormat.Zstd => new ZstdReader(source, leaveOpen, prefix),
            CompressionFormat.Xz => new XzReader(source, leaveOpen, prefix),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };

    /// <summary>RFC 8878 §3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian; pzstd and estargz begin so.</summary>
    private static bool IsSkippableFrame(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && (start[0] & 0xf0) == 0x50 && start[1] == 0x2a && start[2] == 0x4d && start[3] == 0x18;
}
