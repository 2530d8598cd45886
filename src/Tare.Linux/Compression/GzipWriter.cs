// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Compression;

/// <summary>Packs as one gzip member without name and time.</summary>
/// <remarks>
/// RFC 1952; the work is done by libisal. Level 1 is as small as gzip -1 at seven times its speed. The bytes may
/// differ between kinds of processors, so nobody may expect the digest of what is packed twice to be equal.
/// </remarks>
internal sealed unsafe class GzipWriter : PackingStream
{
    /// <summary>Levels are 0 (fastest) to 3 (smallest).</summary>
    public const int MaxLevel = 3;

    private readonly NativeState _stream;
    private readonly NativeState? _levelBuffer;

    public GzipWriter(Stream sink, int level = 1, bool leaveOpen = false)
        : base(sink, leaveOpen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        _stream = NativeState.Allocate(sizeof(Isal.isal_zstream));
        Isal.isal_deflate_init(Native);
        Native->gzip_flag = Isal.IGZIP_GZIP;
        Native->level = (uint)level;
        int bufferBytes = Isal.LevelBufferBytes[level];
        if (bufferBytes > 0)
        {
            _levelBuffer = NativeState.Allocate(bufferBytes);
            Native->level_buf = (byte*)_levelBuffer.Pointer;
            Native->level_buf_size = (uint)bufferBytes;
        }
    }

    private Isal.isal_zstream* Native => (Isal.isal_zstream*)_stream.Pointer;

    protected override bool Pack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        // SAFETY: both spans are pinned while the library has their addresses, and lengths go with them
        fixed (byte* i = input, o = output)
        {
            Native->next_in = i;
            Native->avail_in = (uint)input.Length;
            Native->next_out = o;
            Native->avail_out = (uint)output.Length;
            Native->end_of_stream = (ushort)(last ? 1 : 0);
            int result = Isal.isal_deflate(Native);
            if (result != Isal.COMP_OK)
            {
                throw new CompressionException(CompressionFormat.Gzip, $"packing failed: error {result}");
            }

            used = input.Length - (int)Native->avail_in;
            made = output.Length - (int)Native->avail_out;
            return Native->state == Isal.ZSTATE_END;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _stream.Dispose();
        _levelBuffer?.Dispose();
    }
}
