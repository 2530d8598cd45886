// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Tests.Relay;

public sealed class TransparentTests
{
    private static readonly IPAddress Host = IPAddress.Parse("10.9.9.1");
    private static readonly IPAddress Client = IPAddress.Parse("10.9.9.7");

    [Theory]
    [InlineData("10.9.9.7", true, false, true)]
    [InlineData("10.9.9.7", false, false, false)]
    [InlineData("10.9.9.7", true, true, false)] // on a network of the container
    [InlineData("127.0.0.5", true, false, false)]
    public void The_container_sees_the_client_where_its_answer_finds_back(string client, bool isTransparent, bool isNear, bool sees) =>
        OwnNetwork.Run(() =>
        {
            IPAddress from = IPAddress.Parse(client);
            using var loop = new Loop();
            using var relays = new Relays(loop);
            using Socket target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            target.Bind(new IPEndPoint(Host, 0));
            target.Listen();
            IPEndPoint end = Publish(relays, (IPEndPoint)target.LocalEndPoint!, isTransparent, isNear, isUdp: false);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from, 0));
            socket.Connect(end);
            Turn(loop);
            using Socket server = target.Accept();
            var seen = (IPEndPoint)server.RemoteEndPoint!;
            socket.Send("hi"u8);
            Turn(loop);

            Assert.Equal(sees, seen.Address.Equals(from));
            Assert.Equal(sees, seen.Equals(socket.LocalEndPoint));
            Assert.Equal("hi"u8, RelayedPorts.Read(server, 2));
        });

    [Fact]
    public void A_port_that_somebody_has_is_replaced_and_the_address_stays() => OwnNetwork.Run(() =>
    {
        using var loop = new Loop();
        using var relays = new Relays(loop);
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(Host, 0));
        target.Listen();
        IPEndPoint end = Publish(relays, (IPEndPoint)target.LocalEndPoint!, true, false, isUdp: false);

        // a socket of .NET would share its port
        using Fd socket = InetSocket.Create(false, SocketKind.Stream);
        InetSocket.Bind(socket, new InetEnd(InetAddress.Of(Client), 0));
        InetSocket.TryConnect(socket, InetEnd.Of(end));
        Turn(loop);
        using Socket server = target.Accept();

        InetEnd seen = InetEnd.Of((IPEndPoint)server.RemoteEndPoint!);
        Assert.Equal(InetAddress.Of(Client), seen.Address);
        Assert.NotEqual(InetSocket.LocalEnd(socket), seen);
    });

    [Fact]
    public void Senders_of_datagrams_are_seen_too() => OwnNetwork.Run(() =>
    {
        using var loop = new Loop();
        using var relays = new Relays(loop);
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        target.Bind(new IPEndPoint(Host, 0));
        IPEndPoint end = Publish(relays, (IPEndPoint)target.LocalEndPoint!, true, false, isUdp: true);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(Client, 0));
        socket.SendTo("hi"u8, end);
        Turn(loop);

        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(2, target.ReceiveFrom(new byte[9], ref from));
        Assert.Equal(Client, ((IPEndPoint)from).Address);
    });

    private static IPEndPoint Publish(Relays relays, IPEndPoint target, bool isTransparent, bool isNear, bool isUdp)
    {
        InetEnd any = new(new InetAddress(0, false), 0);
        Fd socket = isUdp ? InetSocket.BindDatagram(any) : InetSocket.Listen(any);
        int port = InetSocket.LocalEnd(socket).Port;
        var order = new RelayOrder("p", InetEnd.Of(target)) { IsTransparent = isTransparent, IsUdp = isUdp, Socket = 0 };
        relays.Set([order], isNear ? [new InetNetwork(InetAddress.Of(Client), 24)] : [], _ => socket);
        return new IPEndPoint(target.Address, port);
    }

    private static void Turn(Loop loop)
    {
        while (loop.Turn(TimeSpan.FromMilliseconds(50)))
        {
        }
    }
}
