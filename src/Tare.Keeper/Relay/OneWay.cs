// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>One direction of a relayed connection.</summary>
/// <param name="pipes">lent</param>
internal sealed class OneWay(PipePool pipes)
{
    /// <summary>How often a direction is filled before others have their turn.</summary>
    private const int FillsPerTurn = 2;

    private SplicePipe? _pipe;

    /// <summary>The sender said that no more comes; everything that came was delivered, and so was the end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Bytes wait for the receiver to have room.</summary>
    public bool IsFull => _pipe is not null;

    /// <summary>Moves what can be moved; true when there may be more at once.</summary>
    /// <exception cref="LinuxException">one side reset the connection</exception>
    public bool Move(Fd from, Fd to)
    {
        for (int i = 0; i < FillsPerTurn && !IsOver; i++)
        {
            if (_pipe is null && !Fill(from))
            {
                return false;
            }

            if (_pipe is null)
            {
                IsOver = true;
                UnixSocket.EndSending(to);
            }
            else if (_pipe.TryDrain(to))
            {
                Release();
            }
            else
            {
                return false;
            }
        }

        return !IsOver;
    }

    /// <summary>Gives back what it has; bytes that were on their way are lost.</summary>
    public void Release()
    {
        if (_pipe is { } pipe)
        {
            pipes.Return(pipe);
            _pipe = null;
        }
    }

    /// <summary>False when there is nothing now; without a pipe afterwards the sender has ended.</summary>
    private bool Fill(Fd from)
    {
        SplicePipe pipe = pipes.Take();
        int? n = null;
        try
        {
            n = pipe.TryFill(from);
        }
        finally
        {
            if (n is > 0)
            {
                _pipe = pipe;
            }
            else
            {
                pipes.Return(pipe);
            }
        }

        return n is not null;
    }
}
