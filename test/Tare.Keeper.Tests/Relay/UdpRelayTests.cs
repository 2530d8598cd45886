// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tare.Keeper.Relay;
using Tare.Linux.Sockets;
using static Tare.Keeper.Tests.Relay.RelayedPorts;

namespace Tare.Keeper.Tests.Relay;

public sealed class UdpRelayTests
{
    [Fact]
    public void Each_sender_gets_its_own_answers()
    {
        using var ports = new RelayedPorts();
        using Socket target = Datagrams();
        IPEndPoint end = ports.Publish(End(target), isUdp: true);
        using Socket one = Datagrams();
        using Socket two = Datagrams();

        one.SendTo("one"u8, end);
        EndPoint toOne = Receive(target, "one");
        two.SendTo("two"u8, end);
        EndPoint toTwo = Receive(target, "two");
        one.SendTo("more"u8, end);
        Assert.Equal(toOne, Receive(target, "more"));
        target.SendTo("for two"u8, toTwo);
        target.SendTo("for one"u8, toOne);

        Assert.Equal(end, Receive(one, "for one"));
        Assert.Equal(end, Receive(two, "for two"));
        Assert.NotEqual(toOne, toTwo);
        Assert.Equal(2, ports.Loop.Do(() => ports.Relays.Flows.Count));
    }

    [Fact]
    public void The_answer_comes_from_the_address_that_was_asked()
    {
        using var ports = new RelayedPorts();
        using Socket target = Datagrams();
        int port = ports.Publish(End(target), isUdp: true, at: new InetEnd(new InetAddress(0, false), 0)).Port;
        var end = new IPEndPoint(IPAddress.Parse("127.0.0.77"), port);
        using Socket client = Datagrams();

        client.SendTo("ask"u8, end);
        target.SendTo("answer"u8, Receive(target, "ask"));

        Assert.Equal(end, Receive(client, "answer"));
    }

    [Fact]
    public void The_same_with_ipv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        using var ports = new RelayedPorts();
        using Socket target = Datagrams(IPAddress.IPv6Loopback);
        IPEndPoint end = ports.Publish(End(target), isUdp: true, at: new InetEnd(new InetAddress(0, true), 0));
        using Socket client = Datagrams(IPAddress.IPv6Loopback);

        client.SendTo("ask"u8, end);
        target.SendTo("answer"u8, Receive(target, "ask"));

        Assert.Equal(end, Receive(client, "answer"));
    }

    [Fact]
    public void Datagrams_of_all_sizes_pass()
    {
        using var ports = new RelayedPorts();
        using Socket target = Datagrams();
        IPEndPoint end = ports.Publish(End(target), isUdp: true);
        using Socket client = Datagrams();
        byte[] buffer = new byte[65536];

        foreach (int size in (int[])[0, 1, 1472, 9000, 65507])
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            client.SendTo(new byte[size], end);
            Assert.Equal(size, target.ReceiveFrom(buffer, ref from));
            target.SendTo(new byte[size], from);
            Assert.Equal(size, client.ReceiveFrom(buffer, ref from));
        }
    }

    [Fact]
    public void Silent_senders_are_forgotten()
    {
        using var ports = new RelayedPorts(RelayLimits.Default with { Idle = TimeSpan.FromMilliseconds(200) });
        using Socket target = Datagrams();
        IPEndPoint end = ports.Publish(End(target), isUdp: true);
        using Socket client = Datagrams();

        client.SendTo("a"u8, end);
        EndPoint first = Receive(target, "a");
        ports.Loop.Until(() => ports.Relays.Flows.Count == 0);
        client.SendTo("b"u8, end);

        Assert.NotEqual(first, Receive(target, "b"));
    }

    [Fact]
    public void The_most_silent_sender_gives_way()
    {
        using var ports = new RelayedPorts(RelayLimits.Default with { Flows = 2 });
        using Socket target = Datagrams();
        IPEndPoint end = ports.Publish(End(target), isUdp: true);
        using Socket one = Datagrams();
        using Socket two = Datagrams();
        using Socket three = Datagrams();

        one.SendTo("1"u8, end);
        EndPoint first = Receive(target, "1");
        two.SendTo("2"u8, end);
        Receive(target, "2");
        one.SendTo("1"u8, end);
        Receive(target, "1");
        three.SendTo("3"u8, end);
        Receive(target, "3");
        one.SendTo("1"u8, end);

        Assert.Equal(first, Receive(target, "1"));
        Assert.Equal(2, ports.Loop.Do(() => ports.Relays.Flows.Count));
    }

    [Fact]
    public void A_new_target_gets_the_senders_of_the_old()
    {
        using var ports = new RelayedPorts();
        using Socket one = Datagrams();
        using Socket two = Datagrams();
        using Socket client = Datagrams();
        IPEndPoint end = ports.Publish(End(one), isUdp: true);
        client.SendTo("1"u8, end);
        Receive(one, "1");

        ports.Loop.Do(() => ports.Relays.Set(
            [new RelayOrder("port", InetEnd.Of(End(two))) { IsUdp = true }], [], _ => throw new InvalidOperationException()));
        client.SendTo("2"u8, end);

        Receive(two, "2");
    }

    [Fact]
    public void A_container_that_listens_late_gets_what_comes_then()
    {
        using var ports = new RelayedPorts();
        IPEndPoint late;
        using (Socket gone = Datagrams())
        {
            late = End(gone);
        }

        IPEndPoint end = ports.Publish(late, isUdp: true);
        using Socket client = Datagrams();
        for (int i = 0; i < 5; i++)
        {
            client.SendTo("lost"u8, end);
        }

        Thread.Sleep(50);
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 200 };
        target.Bind(late);
        for (int i = 0; i < 20; i++)
        {
            client.SendTo("now"u8, end);
            if (target.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                break;
            }
        }

        Receive(target, "now");
    }

    private static EndPoint Receive(Socket socket, string text)
    {
        byte[] buffer = new byte[100];
        EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        int length = socket.ReceiveFrom(buffer, ref from);
        Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, length));
        return from;
    }
}
