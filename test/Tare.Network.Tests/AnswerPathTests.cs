// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Netlink;

namespace Tare.Network.Tests;

/// <summary>A container's answers to somebody with whose address the host speaks, in a network namespace that stands for the host.</summary>
public sealed class AnswerPathTests
{
    private const string Store = "1234abcd";
    private const string Mark = "0x7434abcd";
    private static readonly NetworkPlan Plan = new("a", "a", NetworkPlan.Bridge, "br-a");

    [Theory]
    [InlineData("tcp", "10.90.1.2", "203.0.113.7", AddressFamily.InterNetwork)]
    [InlineData("udp", "10.90.1.2", "203.0.113.7", AddressFamily.InterNetwork)]
    [InlineData("tcp", "fd90::2", "2001:db8::7", AddressFamily.InterNetworkV6)]
    [InlineData("udp", "fd90::2", "2001:db8::7", AddressFamily.InterNetworkV6)]
    public void An_answer_to_somebody_elses_address_ends_here_and_only_while_it_is_led(
        string protocol, string inside, string client, AddressFamily family) => OwnNetwork.Run(() =>
    {
        using var host = NetlinkSocket.Open();
        using var filter = NetlinkSocket.OpenFilter();
        using Process container = Plug();
        using Process server = Serve(container, protocol, inside);
        var firewall = new StoreFirewall(Store);
        var path = new AnswerPath(Store, family);
        var port = new PublishedPort(protocol, family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 8080, IPAddress.Parse(inside), 80)
        {
            BehindFirewall = true,
        };
        try
        {
            firewall.Ensure(filter);
            firewall.Add(filter, Plan);
            Assert.Equal("", Ask(protocol, inside, client));

            firewall.EnsureAnswers(filter, AnswerPath.MarkOf(Store));
            firewall.EnsureAnswers(filter, AnswerPath.MarkOf(Store));
            path.Ensure(host);
            path.Ensure(host);
            Assert.Equal("", Ask(protocol, inside, client));

            firewall.Add(filter, [], [port]);
            Assert.Equal((true, true), path.Look(host));
            Assert.Equal(client, Ask(protocol, inside, client));

            // of the kernel's checks where a source may come from, the strictest
            OwnNetwork.Shell("sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.all.src_valid_mark=1");
            Assert.Equal(client, Ask(protocol, inside, client));
            if (family == AddressFamily.InterNetwork)
            {
                OwnNetwork.Shell("ip rule del pref 84");
                Assert.Equal("", Ask(protocol, inside, client));
                path.Ensure(host);
                Assert.Equal(client, Ask(protocol, inside, client));
            }

            firewall.Remove(filter, [], [port]);
            Assert.False(firewall.HasAnswers(filter, family));
            Assert.Equal("", Ask(protocol, inside, client));
            path.Remove(host);
            path.Remove(host);
            Assert.Equal((false, false), path.Look(host));
            Assert.DoesNotContain(Mark, OwnNetwork.Shell("ip rule; ip -6 rule"), StringComparison.Ordinal);
        }
        finally
        {
            container.Kill();
            server.Kill();
        }
    });

    [Fact]
    public void A_mark_or_a_table_of_somebody_else_is_left_alone() => OwnNetwork.Run(() =>
    {
        using var host = NetlinkSocket.Open();
        var path = new AnswerPath(Store, AddressFamily.InterNetwork);
        OwnNetwork.Shell($"ip rule add pref 50 fwmark {Mark} lookup 7");
        string before = OwnNetwork.Shell("ip rule");

        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => path.Ensure(host)).Errno);
        Assert.Equal(before, OwnNetwork.Shell("ip rule"));

        OwnNetwork.Shell($"ip rule del pref 50; ip route add 198.51.100.0/24 dev lo table {Mark}");
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => path.Ensure(host)).Errno);
        OwnNetwork.Shell($"ip route del 198.51.100.0/24 dev lo table {Mark}");
        path.Ensure(host);
        Assert.Equal((true, true), path.Look(host));

        // what others took away is made again
        OwnNetwork.Shell("ip rule del pref 85");
        Assert.Equal((true, false), path.Look(host));
        path.Ensure(host);
        Assert.Equal((true, true), path.Look(host));
    });

    /// <summary>A container on a bridge, whose way out is the host.</summary>
    private static Process Plug()
    {
        Process container = OwnNetwork.Container();
        OwnNetwork.Shell(
            "ip link add br-a type bridge; ip addr add 10.90.1.1/24 dev br-a; ip addr add fd90::1/64 dev br-a nodad; ip link set br-a up; "
            + $"ip link add port type veth peer name eth0 netns {container.Id}; ip link set port master br-a up; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        OwnNetwork.In(
            container,
            "ip link set lo up; ip addr add 10.90.1.2/24 dev eth0; ip addr add fd90::2/64 dev eth0 nodad; ip link set eth0 up; ip route add default via 10.90.1.1; ip -6 route add default via fd90::1");
        return container;
    }

    /// <summary>Tells whoever asks at port 80 his address.</summary>
    private static Process Serve(Process container, string protocol, string address)
    {
        string python = $"""
            import socket
            f = socket.AF_INET6 if ":" in "{address}" else socket.AF_INET
            s = socket.socket(f, socket.SOCK_STREAM if "{protocol}" == "tcp" else socket.SOCK_DGRAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("", 80))
            if "{protocol}" == "tcp": s.listen()
            print()
            while True:
                if "{protocol}" == "tcp":
                    c, a = s.accept(); c.sendall(a[0].encode()); c.close()
                else:
                    d, a = s.recvfrom(9); s.sendto(a[0].encode(), a)
            """;
        Process server = Process.Start(new ProcessStartInfo("nsenter", ["-t", $"{container.Id}", "-n", "python3", "-uc", python]) { RedirectStandardOutput = true })!;
        server.StandardOutput.ReadLine();
        return server;
    }

    /// <summary>Asks as somebody else, as a keeper does; empty: no answer came.</summary>
    private static string Ask(string protocol, string address, string client)
    {
        const string Python = """
            import socket, sys
            protocol, address, client = sys.argv[1:]
            six = ":" in address
            s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
            s.setsockopt(41 if six else socket.SOL_IP, 75 if six else 19, 1)
            s.settimeout(2)
            s.bind((client, 0))
            try:
                s.connect((address, 80))
                s.send(b"x")
                print(s.recv(99).decode())
            except OSError: pass
            """;
        using Process asker = Process.Start(new ProcessStartInfo("python3", ["-c", Python, protocol, address, client]) { RedirectStandardOutput = true })!;
        string answer = asker.StandardOutput.ReadToEnd().Trim();
        asker.WaitForExit();
        return answer;
    }
}
