// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>One output of the container on its way to the clients.</summary>
internal sealed class OutputPump
{
    /// <summary>Bytes that are read after the container's end; more than a pipe or a terminal can hold.</summary>
    private const int MaxDrain = 2 << 20;

    private readonly byte[] _buffer;
    private readonly FrameKind _kind;
    private readonly Publish _publish;
    private readonly Watch _watch;
    private readonly Fd _fd;
    private bool _ended;

    /// <param name="loop">lent</param>
    /// <param name="fd">lent</param>
    /// <param name="kind">of the frames</param>
    /// <param name="buffer">shared by all pumps: nothing stays in it</param>
    /// <param name="publish">gets the bytes</param>
    public OutputPump(Loop loop, Fd fd, FrameKind kind, byte[] buffer, Publish publish)
    {
        _fd = fd;
        _kind = kind;
        _buffer = buffer;
        _publish = publish;
        _watch = loop.Watch(fd, _ => ReadOnce());
        _watch.Wanted = EpollEvents.Readable;
    }

    /// <summary>Gets what was read; the bytes are valid during the call.</summary>
    public delegate void Publish(FrameKind kind, ReadOnlySpan<byte> bytes);

    /// <summary>While held nothing is read, so that in the end the container waits: back-pressure.</summary>
    public void Hold(bool held)
    {
        if (!_ended)
        {
            _watch.Wanted = held ? EpollEvents.None : EpollEvents.Readable;
        }
    }

    /// <summary>Reads what is there; grandchildren that keep the other end open do not matter.</summary>
    public void Drain()
    {
        for (int total = 0; !_ended && total < MaxDrain;)
        {
            int read = ReadOnce();
            if (read == 0)
            {
                break;
            }

            total += read;
        }
    }

    /// <summary>Nothing is read any more.</summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            _watch.Remove();
        }
    }

    private int ReadOnce()
    {
        if (_ended)
        {
            return 0;
        }

        int? read;
        try
        {
            read = _fd.TryRead(_buffer);
        }
        catch (LinuxException e) when (e.Errno == Errno.EIO)
        {
            // a terminal that nobody has open any more
            read = 0;
        }

        switch (read)
        {
            case null:
                return 0;
            case 0:
                End();
                return 0;
            default:
                _publish(_kind, _buffer.AsSpan(0, read.Value));
                return read.Value;
        }
    }
}
