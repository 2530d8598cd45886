// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>A client's connection and the one to the container, tied together.</summary>
/// <remarks>
/// Each side's end is passed on when it comes, so that either may go on sending; a reset, or a container that refuses, is
/// a reset for the other side.
/// </remarks>
internal sealed class RelayedConnection : IDisposable
{
    /// <summary>More than the buffers of a connection hold; one that goes on talking is cut off.</summary>
    private const int LastMoves = 16;

    private readonly TcpRelay _relay;
    private readonly Fd _client;
    private readonly Fd _target;
    private readonly Watch _clientWatch;
    private readonly Watch _targetWatch;
    private readonly OneWay _in;
    private readonly OneWay _out;
    private bool _isConnected;
    private bool _isFinished;
    private bool _isGone;

    /// <param name="loop">lent</param>
    /// <param name="relay">is told of the end</param>
    /// <param name="pipes">lent</param>
    /// <param name="client">owned from now on</param>
    /// <param name="target">owned from now on; its connection has begun</param>
    public RelayedConnection(Loop loop, TcpRelay relay, PipePool pipes, Fd client, Fd target)
    {
        (_relay, _client, _target) = (relay, client, target);
        (_in, _out) = (new OneWay(pipes), new OneWay(pipes));
        _clientWatch = loop.Watch(client, events => Advance(client, events));
        _targetWatch = loop.Watch(target, events => Advance(target, events));
    }

    /// <summary>From now on it moves by itself.</summary>
    /// <exception cref="LinuxException">there is no room in the loop</exception>
    public void Begin()
    {
        _targetWatch.Wanted = EpollEvents.Writable;
        _clientWatch.Wanted = EpollEvents.Error;
    }

    /// <summary>Before the end that somebody else decided: what the container said last is still told.</summary>
    public void Finish()
    {
        try
        {
            for (int i = 0; i < LastMoves && _isConnected && _out.Move(_target, _client); i++)
            {
            }

            _isFinished = _out.IsOver;
        }
        catch (LinuxException)
        {
            // nobody listens any more
        }
    }

    /// <summary>Both sides see a reset unless everything was said.</summary>
    public void Dispose()
    {
        if (_isGone)
        {
            return;
        }

        _isGone = true;
        if (!(_isFinished || (_in.IsOver && _out.IsOver)))
        {
            InetSocket.ResetOnClose(_client);
            InetSocket.ResetOnClose(_target);
        }

        _clientWatch.Remove();
        _targetWatch.Remove();
        _client.Dispose();
        _target.Dispose();
        _in.Release();
        _out.Release();
    }

    private void Advance(Fd side, EpollEvents events)
    {
        try
        {
            if ((events & EpollEvents.Error) != 0 || (side == _target && !_isConnected))
            {
                Check(side);
            }

            _isConnected |= side == _target;
            if (_isConnected)
            {
                Move();
            }
        }
        catch (LinuxException)
        {
            _relay.Ended(this);
        }
    }

    private void Move()
    {
        _in.Move(_client, _target);
        _out.Move(_target, _client);
        if (_in.IsOver && _out.IsOver)
        {
            _relay.Ended(this);
            return;
        }

        _clientWatch.Wanted = Wanted(_in, _out);
        _targetWatch.Wanted = Wanted(_out, _in);
    }

    private static void Check(Fd side)
    {
        Errno error = InetSocket.TakeError(side);
        if (error != Errno.None)
        {
            throw new LinuxException(error, "relay");
        }
    }

    /// <summary>What the sender of one direction, who is the receiver of the other, is waited for.</summary>
    /// <remarks>
    /// A reset is waited for always, except of one who was told the end and whose own end is known or not to be read yet:
    /// such a one hangs up for ever.
    /// </remarks>
    private static EpollEvents Wanted(OneWay sends, OneWay receives) =>
        (sends.IsOver || sends.IsFull ? EpollEvents.None : EpollEvents.Readable)
        | (receives.IsFull ? EpollEvents.Writable : EpollEvents.None)
        | (receives.IsOver && (sends.IsOver || sends.IsFull) ? EpollEvents.None : EpollEvents.Error);
}
