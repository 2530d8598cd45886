// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Compression;

/// <summary>Unpacks zstd: any number of frames, skippable ones too, checksums checked where they are.</summary>
/// <remarks>RFC 8878; the work is done by libzstd.</remarks>
internal sealed unsafe class ZstdReader : UnpackingStream
{
    /// <summary>A frame may ask for a window of 2^27 bytes = 128 MiB, which is also what the zstd tool allows.</summary>
    public const int MaxWindowLog = 27;

    private readonly NativeState _context;
    private bool _betweenFrames;

    public ZstdReader(Stream source, bool leaveOpen = false, ReadOnlySpan<byte> prefix = default)
        : base(source, leaveOpen, prefix)
    {
        _context = new NativeState(Zstd.ZSTD_createDCtx(), static c => Zstd.ZSTD_freeDCtx(c));
        Check(Zstd.ZSTD_DCtx_setParameter(_context.Pointer, Zstd.ZSTD_d_windowLogMax, MaxWindowLog));
    }

    protected override CompressionFormat Format => CompressionFormat.Zstd;

    protected override bool Unpack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        used = 0;
        made = 0;
        if (_betweenFrames && input.IsEmpty)
        {
            return true;
        }

        // SAFETY: both spans are pinned while the library has their addresses, and lengths go with them
        fixed (byte* i = input, o = output)
        {
            Zstd.ZSTD_inBuffer from = new() { src = i, size = (nuint)input.Length };
            Zstd.ZSTD_outBuffer to = new() { dst = o, size = (nuint)output.Length };
            nuint result = Check(Zstd.ZSTD_decompressStream(_context.Pointer, &to, &from));
            used = (int)from.pos;
            made = (int)to.pos;
            _betweenFrames = result == 0 && (used > 0 || made > 0 || _betweenFrames);
        }

        return _betweenFrames;
    }

    protected override void Dispose(bool disposing)
    {
        _context.Dispose();
        base.Dispose(disposing);
    }

    private nuint Check(nuint result) => Zstd.ZSTD_isError(result) == 0
        ? result
        : throw Broken(Marshal.PtrToStringUTF8((nint)Zstd.ZSTD_getErrorName(result))!.ToLowerInvariant());
}
