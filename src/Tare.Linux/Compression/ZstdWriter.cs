// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Compression;

/// <summary>Packs as one zstd frame with a checksum.</summary>
/// <remarks>RFC 8878; the work is done by libzstd.</remarks>
internal sealed unsafe class ZstdWriter : PackingStream
{
    /// <summary>Levels are 1 (fastest) to 19; higher ones need windows that readers may refuse.</summary>
    public const int MaxLevel = 19;

    private readonly NativeState _context;

    public ZstdWriter(Stream sink, int level = 3, bool leaveOpen = false)
        : base(sink, leaveOpen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        _context = new NativeState(Zstd.ZSTD_createCCtx(), static c => Zstd.ZSTD_freeCCtx(c));
        Check(Zstd.ZSTD_CCtx_setParameter(_context.Pointer, Zstd.ZSTD_c_compressionLevel, level));
        Check(Zstd.ZSTD_CCtx_setParameter(_context.Pointer, Zstd.ZSTD_c_checksumFlag, 1));
    }

    protected override bool Pack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        // SAFETY: both spans are pinned while the library has their addresses, and lengths go with them
        fixed (byte* i = input, o = output)
        {
            Zstd.ZSTD_inBuffer from = new() { src = i, size = (nuint)input.Length };
            Zstd.ZSTD_outBuffer to = new() { dst = o, size = (nuint)output.Length };
            int operation = last ? Zstd.ZSTD_e_end : Zstd.ZSTD_e_continue;
            nuint left = Check(Zstd.ZSTD_compressStream2(_context.Pointer, &to, &from, operation));
            used = (int)from.pos;
            made = (int)to.pos;
            return last && left == 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _context.Dispose();
    }

    private static nuint Check(nuint result) => Zstd.ZSTD_isError(result) == 0
        ? result
        : throw new CompressionException(
            CompressionFormat.Zstd, Marshal.PtrToStringUTF8((nint)Zstd.ZSTD_getErrorName(result))!);
}
