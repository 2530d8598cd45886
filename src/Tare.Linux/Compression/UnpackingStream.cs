// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>Reads packed bytes from a source and hands out the unpacked ones; the part that all formats share.</summary>
/// <remarks>
/// Strict: a source that ends inside a frame, and bytes behind the last frame that begin no other one, are
/// <see cref="CompressionException"/>. Memory is bounded by the decoder whatever the input; how much comes out is for
/// the reader to bound. Failures of the source pass through as they are.
/// </remarks>
internal abstract class UnpackingStream : Stream
{
    private const int InputBytes = 64 * 1024;

    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(InputBytes);
    private readonly Stream _source;
    private readonly bool _leaveOpen;
    private int _start;
    private int _end;
    private bool _sourceEnded;
    private bool _finished;
    private bool _disposed;

    /// <param name="source">packed bytes</param>
    /// <param name="leaveOpen">false: disposed with this stream</param>
    /// <param name="prefix">bytes already taken from the source, at most 64 KiB</param>
    protected UnpackingStream(Stream source, bool leaveOpen, ReadOnlySpan<byte> prefix)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        prefix.CopyTo(_input);
        _end = prefix.Length;
    }

    /// <summary>Packed bytes taken from the source and used so far.</summary>
    public long PackedBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected abstract CompressionFormat Format { get; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!_finished && !buffer.IsEmpty)
        {
            bool betweenFrames = Unpack(
                _input.AsSpan(_start, _end - _start), buffer, _sourceEnded, out int used, out int made);
            _start += used;
            PackedBytes += used;
            if (made > 0)
            {
                return made;
            }

            if (_start < _end && used > 0)
            {
                continue;
            }

            if (_start == _end && !_sourceEnded)
            {
                Fill();
            }
            else
            {
                _finished = betweenFrames && _start == _end ? true : throw Broken(
                    _start < _end ? "does not continue" : "ends too early");
            }
        }

        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Unpacks some bytes; with empty input only what the decoder still holds.</summary>
    /// <param name="input">what is there now</param>
    /// <param name="output">never empty</param>
    /// <param name="last">no input will follow</param>
    /// <param name="used">bytes of the input that are done with</param>
    /// <param name="made">bytes put into the output</param>
    /// <returns>true when the source may end here</returns>
    protected abstract bool Unpack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made);

    protected CompressionException Broken(string problem) => new(Format, problem);

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing && !_leaveOpen)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fill()
    {
        _start = 0;
        _end = _source.Read(_input);
        _sourceEnded = _end == 0;
    }
}
