// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Turns any input into a plain file that can be read anywhere: itself, or a nameless copy in a folder.</summary>
internal static class Spool
{
    /// <summary>Bytes of an unpacked archive.</summary>
    private const long MaxBytes = 1L << 40;
    private const int MaxRatio = 1100;
    private const long RatioAllowance = 64 << 20;
    private const int BufferBytes = 256 * 1024;
    private const uint OwnerOnly = 0b110_000_000;

    /// <summary>The unpacked bytes of the input; the caller owns the answer.</summary>
    public static Fd Open(ArchiveInput input, Fd scratch, CancellationToken ct)
    {
        if (input.File is { } file)
        {
            byte[] start = new byte[Unpacking.MagicBytes];
            int count = file.ReadAt(start, 0);
            if (Unpacking.Detect(start.AsSpan(0, count)) == CompressionFormat.None)
            {
                return file.Duplicate();
            }
        }
        using UnpackingStream unpacked = Unpacking.Open(input.Stream, leaveOpen: true);
        return Copy(unpacked, scratch, ct);
    }

    private static Fd Copy(UnpackingStream from, Fd scratch, CancellationToken ct)
    {
        Fd copy = scratch.OpenTemporary(OwnerOnly);
        try
        {
            byte[] buffer = new byte[BufferBytes];
            long total = 0;
            int n;
            while ((n = from.Read(buffer)) > 0)
            {
                ct.ThrowIfCancellationRequested();
                total += n;
                if (total > MaxBytes || total > RatioAllowance + (MaxRatio * from.PackedBytes))
                {
                    throw new TareException(
                        ErrorKind.ResourceExhausted, $"archive unpacks to more than {total} bytes from {from.PackedBytes}");
                }
                copy.Write(buffer.AsSpan(0, n));
            }
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
