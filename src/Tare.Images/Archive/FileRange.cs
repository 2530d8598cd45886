// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Archive;

/// <summary>A part of an open file as a stream of its own; several may be read at once. Lends the file.</summary>
internal sealed class FileRange(Fd file, long offset, long length) : ForwardStream
{
    private long _offset = offset;
    private long _left = length;

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, _left);
        int n = wanted == 0 ? 0 : file.ReadAt(buffer[..wanted], _offset);
        _offset += n;
        _left -= n;
        return n;
    }
}
