// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>Bytes of clients on their way into the container, in the order in which they came.</summary>
/// <remarks>Each client has at most <see cref="Protocol.InputWindow"/> bytes here, so the queue is bounded.</remarks>
internal sealed class InputPump
{
    private readonly Queue<(Client From, byte[] Bytes)> _queue = new();
    private readonly Stdio _stdio;
    private readonly Action<bool> _waitForRoom;
    private int _offset;
    private bool _ending;
    private bool _closed;

    /// <param name="stdio">lent</param>
    /// <param name="waitForRoom">told whether to call <see cref="Flush"/> when the container takes bytes again</param>
    public InputPump(Stdio stdio, Action<bool> waitForRoom)
    {
        _stdio = stdio;
        _waitForRoom = waitForRoom;
        _closed = stdio.Input is null;
    }

    /// <summary>False when the client sent more than its window.</summary>
    public bool TryAdd(Client from, ReadOnlySpan<byte> bytes)
    {
        if (_closed || _ending)
        {
            from.TakeInput(bytes.Length);
            return true;
        }

        from.UntakenInput += bytes.Length;
        if (from.UntakenInput > Protocol.InputWindow)
        {
            return false;
        }

        _queue.Enqueue((from, bytes.ToArray()));
        Flush();
        return true;
    }

    /// <summary>Closes the container's input once everything before has been taken. A terminal stays open.</summary>
    public void End()
    {
        _ending = !_stdio.IsTerminal;
        Flush();
    }

    public void Flush()
    {
        try
        {
            while (!_closed && _queue.TryPeek(out (Client From, byte[] Bytes) first))
            {
                if (_stdio.Input!.TryWrite(first.Bytes.AsSpan(_offset)) is not { } written)
                {
                    _waitForRoom(true);
                    return;
                }

                Took(first.From, written, first.Bytes.Length);
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.EPIPE or Errno.EIO)
        {
            // nobody in the container reads any more
            _ending = true;
            DropAll();
        }

        _waitForRoom(false);
        if (_ending && !_closed)
        {
            _closed = true;
            _stdio.CloseInput();
        }
    }

    private void Took(Client from, int written, int length)
    {
        from.UntakenInput -= written;
        from.TakeInput(written);
        _offset += written;
        if (_offset == length)
        {
            _queue.Dequeue();
            _offset = 0;
        }
    }

    private void DropAll()
    {
        while (_queue.TryDequeue(out (Client From, byte[] Bytes) next))
        {
            int rest = next.Bytes.Length - _offset;
            next.From.UntakenInput -= rest;
            next.From.TakeInput(rest);
            _offset = 0;
        }
    }
}
