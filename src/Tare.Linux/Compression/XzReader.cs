// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Compression;

/// <summary>Unpacks xz: any number of streams, with padding between them, checksums checked.</summary>
/// <remarks>The .xz file format; the work is done by liblzma.</remarks>
internal sealed unsafe class XzReader : UnpackingStream
{
    /// <summary>Bytes that the decoder may take; <c>xz -9</c> needs 65 MiB.</summary>
    public const ulong MaxMemoryBytes = 128 * 1024 * 1024;

    private readonly NativeState _stream;
    private bool _ended;

    public XzReader(Stream source, bool leaveOpen = false, ReadOnlySpan<byte> prefix = default)
        : base(source, leaveOpen, prefix)
    {
        _stream = NativeState.Allocate(
            sizeof(Lzma.lzma_stream), static s => Lzma.lzma_end((Lzma.lzma_stream*)s));
        Check(Lzma.lzma_stream_decoder(Native, MaxMemoryBytes, Lzma.LZMA_CONCATENATED));
    }

    protected override CompressionFormat Format => CompressionFormat.Xz;

    private Lzma.lzma_stream* Native => (Lzma.lzma_stream*)_stream.Pointer;

    protected override bool Unpack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        used = 0;
        made = 0;
        if (_ended)
        {
            return true;
        }

        // SAFETY: both spans are pinned while the library has their addresses, and lengths go with them
        fixed (byte* i = input, o = output)
        {
            Native->next_in = i;
            Native->avail_in = (nuint)input.Length;
            Native->next_out = o;
            Native->avail_out = (nuint)output.Length;
            int result = Lzma.lzma_code(Native, last ? Lzma.LZMA_FINISH : Lzma.LZMA_RUN);
            used = input.Length - (int)Native->avail_in;
            made = output.Length - (int)Native->avail_out;
            _ended = result == Lzma.LZMA_STREAM_END;

            // no input and no output is a "buffer error" to the library; whether it is one is decided above
            if (!_ended && result != Lzma.LZMA_BUF_ERROR)
            {
                Check(result);
            }
        }

        return _ended;
    }

    protected override void Dispose(bool disposing)
    {
        _stream.Dispose();
        base.Dispose(disposing);
    }

    private void Check(int result)
    {
        if (result != Lzma.LZMA_OK)
        {
            throw Broken(Explain(result));
        }
    }

    private static string Explain(int result) => result switch
    {
        Lzma.LZMA_MEM_ERROR => "not enough memory",
        Lzma.LZMA_MEMLIMIT_ERROR => $"needs more than {MaxMemoryBytes} bytes of memory",
        Lzma.LZMA_FORMAT_ERROR => "bad header",
        Lzma.LZMA_OPTIONS_ERROR => "unsupported options",
        Lzma.LZMA_DATA_ERROR => "corrupt",
        _ => $"error {result}",
    };
}
