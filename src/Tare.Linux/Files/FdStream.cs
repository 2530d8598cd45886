// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>A descriptor as an unbuffered, synchronous Stream.</summary>
/// <remarks>
/// Owns the descriptor unless told to leave it open. Async calls run synchronously: Linux has no asynchronous file
/// access under .NET anyway. Failures are <see cref="LinuxException"/>.
/// </remarks>
internal sealed class FdStream(Fd fd, bool leaveOpen = false) : Stream
{
    private readonly bool _canSeek = fd.Status().IsRegular;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => _canSeek;

    public override long Length => _canSeek ? fd.Status().Size : throw new NotSupportedException();

    public override long Position
    {
        get => Seek(0, SeekOrigin.Current);
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer) => fd.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => fd.Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(fd.Read(buffer.Span));
    }

    public override void Write(ReadOnlySpan<byte> buffer) => fd.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => fd.Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        fd.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        _canSeek ? fd.Seek(offset, origin) : throw new NotSupportedException();

    public override void SetLength(long value) => fd.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            fd.Dispose();
        }

        base.Dispose(disposing);
    }
}
