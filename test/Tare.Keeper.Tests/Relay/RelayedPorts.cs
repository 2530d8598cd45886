// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Relay;

/// <summary>Relays on a loop of their own, with sockets of the loopback on both sides.</summary>
internal sealed class RelayedPorts : IDisposable
{
    public static readonly InetEnd Anywhere = new(new InetAddress(0x7f000001, false), 0);

    private readonly LoopThread _thread = new();

    public RelayedPorts(RelayLimits? limits = null) => Relays = _thread.Do(() => new Relays(_thread.Loop, limits));

    public Relays Relays { get; }

    public LoopThread Loop => _thread;

    /// <summary>Publishes one port and nothing else; where it is reached.</summary>
    public IPEndPoint Publish(IPEndPoint target, bool isUdp = false, InetEnd? at = null)
    {
        Fd socket = isUdp ? InetSocket.BindDatagram(at ?? Anywhere) : InetSocket.Listen(at ?? Anywhere);
        int port = InetSocket.LocalEnd(socket).Port;
        var order = new RelayOrder("port", InetEnd.Of(target)) { IsUdp = isUdp, Socket = 0 };
        _thread.Do(() => Relays.Set([order], [], _ => socket));
        return new IPEndPoint(at is { Address.IsV6: true } ? IPAddress.IPv6Loopback : IPAddress.Loopback, port);
    }

    public static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(4096);
        return socket;
    }

    public static Socket Connect(IPEndPoint end)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000, SendTimeout = 20_000, NoDelay = true };
        socket.Connect(end);
        return socket;
    }

    public static Socket Datagrams(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    public static IPEndPoint End(Socket socket) => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Reads so many bytes, or to the end.</summary>
    public static byte[] Read(Socket socket, int count = int.MaxValue)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[65536];
        int n;
        while (bytes.Length < count && (n = socket.Receive(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - bytes.Length)))) > 0)
        {
            bytes.Write(buffer, 0, n);
        }

        return bytes.ToArray();
    }

    public void Dispose()
    {
        _thread.Do(Relays.Dispose);
        _thread.Dispose();
    }
}
