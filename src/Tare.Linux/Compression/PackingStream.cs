// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>Packs what is written and passes it on; the part that all formats share.</summary>
/// <remarks>The last bytes go out on Dispose, or on <see cref="Finish"/>, which reports a failing sink.</remarks>
internal abstract class PackingStream(Stream sink, bool leaveOpen) : Stream
{
    private const int OutputBytes = 64 * 1024;

    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(OutputBytes);
    private bool _finished;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        while (!buffer.IsEmpty)
        {
            Pack(buffer, _output, last: false, out int used, out int made);
            buffer = buffer[used..];
            sink.Write(_output, 0, made);
        }
    }

    /// <summary>Writes the end of the packed stream; nothing can be written afterwards. Once is enough, twice is fine.</summary>
    public void Finish()
    {
        while (!_finished)
        {
            _finished = Pack(default, _output, last: true, out _, out int made);
            sink.Write(_output, 0, made);
        }

        sink.Flush();
    }

    /// <summary>Does not force packed bytes out: that would change them.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Takes some input and makes some output.</summary>
    /// <returns>with <paramref name="last"/>: true when everything is out</returns>
    protected abstract bool Pack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                Finish();
            }
            finally
            {
                if (!leaveOpen)
                {
                    sink.Dispose();
                }
            }
        }

        base.Dispose(disposing);
    }
}
