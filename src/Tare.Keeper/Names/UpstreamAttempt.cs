// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>One question to one server by UDP, from a port that the kernel draws.</summary>
/// <remarks>The socket is connected, so the kernel takes answers from this server only. RFC 5452 §9.2</remarks>
internal sealed class UpstreamAttempt : IUpstreamAttempt
{
    private const int DatagramsPerTurn = 16;

    private readonly UpstreamQuery _query;
    private readonly byte[] _buffer;
    private readonly Fd _socket;
    private readonly Watch _watch;
    private bool _isOver;

    /// <param name="loop">lent</param>
    /// <param name="query">is told</param>
    /// <param name="server">who is asked</param>
    /// <param name="buffer">for the answer; nothing stays in it</param>
    /// <exception cref="LinuxException">it cannot be reached</exception>
    public UpstreamAttempt(Loop loop, UpstreamQuery query, InetEnd server, byte[] buffer)
    {
        (_query, _buffer) = (query, buffer);
        _socket = InetSocket.Create(server.Address.IsV6, SocketKind.Datagram);
        _watch = loop.Watch(_socket, _ => Receive());
        try
        {
            Errno error = InetSocket.TryConnect(_socket, server);
            if (error != Errno.None || InetSocket.TrySend(_socket, query.Message) is null)
            {
                throw new LinuxException(error == Errno.None ? Errno.EAGAIN : error, "ask", server.ToString());
            }

            _watch.Wanted = EpollEvents.Readable;
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

    private void Receive()
    {
        try
        {
            for (int i = 0; i < DatagramsPerTurn && !_isOver && InetSocket.TryReceive(_socket, _buffer) is { } length; i++)
            {
                if (DnsMessage.IsAnswerTo(_buffer.AsSpan(0, length), _query.Message))
                {
                    _query.Answered(_buffer.AsSpan(0, length));
                    return;
                }
            }
        }
        catch (LinuxException)
        {
            // ECONNREFUSED and its like: nobody listens there
            _query.Failed();
        }
    }
}
