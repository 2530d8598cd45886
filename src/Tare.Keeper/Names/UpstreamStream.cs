// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>One question to one server over a TCP connection of its own.</summary>
/// <remarks>RFC 7766; messages have their length before them.</remarks>
internal sealed class UpstreamStream : IUpstreamAttempt
{
    private const int LengthBytes = 2;

    private readonly UpstreamQuery _query;
    private readonly Fd _socket;
    private readonly Watch _watch;
    private readonly byte[] _out;
    private byte[] _in = [];
    private int _sent;
    private int _received;
    private bool _isConnected;
    private bool _isOver;

    /// <param name="loop">lent</param>
    /// <param name="query">is told</param>
    /// <param name="server">who is asked</param>
    /// <exception cref="LinuxException">it cannot be reached</exception>
    public UpstreamStream(Loop loop, UpstreamQuery query, InetEnd server)
    {
        _query = query;
        _out = new byte[LengthBytes + query.Message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(_out, (ushort)query.Message.Length);
        query.Message.CopyTo(_out.AsSpan(LengthBytes));
        _socket = InetSocket.Create(server.Address.IsV6, SocketKind.Stream);
        _watch = loop.Watch(_socket, _ => Advance());
        try
        {
            Errno error = InetSocket.TryConnect(_socket, server);
            if (error is not (Errno.None or Errno.EINPROGRESS))
            {
                throw new LinuxException(error, "connect", server.ToString());
            }

            _watch.Wanted = EpollEvents.Writable;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _watch.Remove();
            _socket.Dispose();
        }
    }

    private void Advance()
    {
        try
        {
            if (!_isConnected)
            {
                Errno error = InetSocket.TakeError(_socket);
                _isConnected = error == Errno.None
                    ? true
                    : throw new LinuxException(error, "connect");
            }

            if (_sent < _out.Length)
            {
                _sent += InetSocket.TrySend(_socket, _out.AsSpan(_sent)) ?? 0;
                _watch.Wanted = _sent < _out.Length ? EpollEvents.Writable : EpollEvents.Readable;
            }
            else
            {
                Receive();
            }
        }
        catch (LinuxException)
        {
            _query.Failed();
        }
    }

    private void Receive()
    {
        if (_in.Length == 0)
        {
            _in = new byte[DnsMessage.MaxUdpBytes];
        }

        int? n = InetSocket.TryReceive(_socket, _in.AsSpan(_received));
        _received += n ?? 0;
        int whole = _received >= LengthBytes ? LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(_in) : int.MaxValue;
        if (_received >= whole)
        {
            Take(_in.AsSpan(LengthBytes, whole - LengthBytes));
        }
        else if (n == 0)
        {
            _query.Failed();
        }
        else if (_received == _in.Length)
        {
            Array.Resize(ref _in, LengthBytes + DnsMessage.MaxBytes);
        }
    }

    private void Take(Span<byte> answer)
    {
        if (DnsMessage.IsAnswerTo(answer, _query.Message))
        {
            _query.Answered(answer);
        }
        else
        {
            _query.Failed();
        }
    }
}
