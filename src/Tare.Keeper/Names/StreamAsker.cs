// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>Somebody in the container who asks over TCP, maybe several questions at once.</summary>
/// <remarks>RFC 7766: answers come in any order.</remarks>
internal sealed class StreamAsker : IDisposable
{
    private const int LengthBytes = 2;
    private const int FirstBytes = 512;
    private const int MaxWaiting = 16;
    private const int MaxUnsent = 2 * (LengthBytes + DnsMessage.MaxBytes);

    private readonly NameServer _server;
    private readonly Fd _socket;
    private readonly Watch _watch;
    private byte[] _in = new byte[FirstBytes];
    private byte[] _out = [];
    private int _received;
    private int _sent;
    private int _unsentEnd;
    private bool _hasEnded;
    private bool _isAdvancing;

    /// <param name="loop">lent</param>
    /// <param name="server">answers</param>
    /// <param name="socket">owned from now on; non-blocking</param>
    public StreamAsker(Loop loop, NameServer server, Fd socket)
    {
        (_server, _socket) = (server, socket);
        _watch = loop.Watch(socket, Ready);
        _watch.Wanted = EpollEvents.Readable;
    }

    /// <summary>When something went to or fro last; of <see cref="Environment.TickCount64"/>.</summary>
    public long LastUsed { get; private set; } = Environment.TickCount64;

    /// <summary>Queries of it that somebody else is asked.</summary>
    public int Waiting { get; set; }

    public bool IsGone { get; private set; }

    private bool MayAsk => !IsGone && Waiting < MaxWaiting && _unsentEnd - _sent <= MaxUnsent;

    /// <summary>Sends an answer as soon as the connection takes it.</summary>
    public void Send(ReadOnlySpan<byte> answer)
    {
        if (_sent == _unsentEnd)
        {
            _sent = _unsentEnd = 0;
        }

        int end = _unsentEnd + LengthBytes + answer.Length;
        if (end > _out.Length)
        {
            Array.Resize(ref _out, Math.Max(end, 2 * _out.Length));
        }

        BinaryPrimitives.WriteUInt16BigEndian(_out.AsSpan(_unsentEnd), (ushort)answer.Length);
        answer.CopyTo(_out.AsSpan(_unsentEnd + LengthBytes));
        _unsentEnd = end;
    }

    /// <summary>Goes on after something changed: sends, asks, or leaves when all is done.</summary>
    public void Advance()
    {
        if (IsGone || _isAdvancing)
        {
            // an answer that came while its query was being asked is sent by whoever asks
            return;
        }

        _isAdvancing = true;
        try
        {
            TakeQueries();
            Flush();
            if (_hasEnded && Waiting == 0 && _sent == _unsentEnd)
            {
                _server.Leave(this);
                return;
            }

            _watch.Wanted = (!_hasEnded && MayAsk ? EpollEvents.Readable : EpollEvents.None)
                | (_sent < _unsentEnd ? EpollEvents.Writable : EpollEvents.None);
        }
        catch (LinuxException)
        {
            _server.Leave(this);
        }
        finally
        {
            _isAdvancing = false;
        }
    }

    public void Dispose()
    {
        if (!IsGone)
        {
            IsGone = true;
            _watch.Remove();
            _socket.Dispose();
        }
    }

    private void Ready(EpollEvents events)
    {
        LastUsed = Environment.TickCount64;
        try
        {
            if (!_hasEnded && (events & ~EpollEvents.Writable) != 0)
            {
                Receive();
            }
        }
        catch (LinuxException)
        {
            _server.Leave(this);
            return;
        }

        Advance();
    }

    private void Receive()
    {
        if (_received == _in.Length)
        {
            Array.Resize(ref _in, Math.Min(4 * _in.Length, LengthBytes + DnsMessage.MaxBytes));
        }

        int? n = InetSocket.TryReceive(_socket, _in.AsSpan(_received));
        _received += n ?? 0;
        _hasEnded = n == 0;
    }

    private void TakeQueries()
    {
        int taken = 0;
        while (MayAsk && _received - taken >= LengthBytes)
        {
            ReadOnlySpan<byte> rest = _in.AsSpan(taken, _received - taken);
            int whole = LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (rest.Length < whole)
            {
                break;
            }

            taken += whole;
            _server.Ask(rest[LengthBytes..whole], this);
        }

        if (taken > 0)
        {
            _in.AsSpan(taken, _received - taken).CopyTo(_in);
            _received -= taken;
        }
    }

    private void Flush()
    {
        while (_sent < _unsentEnd && InetSocket.TrySend(_socket, _out.AsSpan(_sent, _unsentEnd - _sent)) is { } n)
        {
            _sent += n;
        }
    }
}
