// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network.Tests;

/// <summary>Bridges, containers and ports of a whole store, in a network namespace that stands for the host.</summary>
public sealed class PluggedContainersTests
{
    private static readonly NetworkPlan Front = Plan("a", "10.90.1.0/24");
    private static readonly NetworkPlan Back = Plan("b", "10.90.2.0/24");

    [Fact]
    public void Containers_of_a_network_reach_each_other_the_host_and_nobody_of_another_network() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process one = store.Plug(Front, 1, "10.90.1.2");
        using Process two = store.Plug(Front, 2, "10.90.1.3");
        using Process other = store.Plug(Back, 3, "10.90.2.2");

        Assert.True(Reaches(one, "10.90.1.3"));
        Assert.True(Reaches(one, "10.90.1.1"));
        Assert.False(Reaches(one, "10.90.2.2"));
        Assert.True(Reaches(other, "10.90.2.1"));
    });

    [Fact]
    public void A_network_without_talk_isolates_its_containers_and_still_reaches_the_host() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        NetworkPlan silent = Front with { Icc = false };
        using Process one = store.Plug(silent, 1, "10.90.1.2");
        using Process two = store.Plug(silent, 2, "10.90.1.3");

        Assert.True(Reaches(one, "10.90.1.1"));
        Assert.False(Reaches(one, "10.90.1.3"));
    });

    [Fact]
    public void Nobody_speaks_with_an_address_that_is_not_his() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process one = store.Plug(Front, 1, "10.90.1.2");

        OwnNetwork.In(one, "ip addr add 10.90.1.77/24 dev eth0");
        Assert.NotEqual(0, OwnNetwork.In(one, "ping -c 1 -W 1 -I 10.90.1.77 10.90.1.1").Code);
        OwnNetwork.In(one, "ip addr del 10.90.1.77/24 dev eth0; ip neigh flush dev eth0");
        Assert.True(Reaches(one, "10.90.1.1"));
        OwnNetwork.In(one, "ip link set eth0 address 02:00:00:00:00:99");
        Assert.False(Reaches(one, "10.90.1.1"));
    });

    [Fact]
    public void A_published_port_leads_to_its_container_from_the_host_its_loopback_a_neighbour_and_another_container() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process web = store.Plug(Front, 1, "10.90.1.2", new PublishedPort("tcp", IPAddress.Any, 8080, IPAddress.Parse("10.90.1.2"), 80));
        using Process beside = store.Plug(Front, 2, "10.90.1.3");
        using Process other = store.Plug(Back, 3, "10.90.2.2");
        using var neighbour = new Neighbour();
        using Killed server = Serve(web, 80);

        Assert.Equal("hello 10.90.1.1", Get(null, "127.0.0.1", 8080));
        Assert.Equal("hello 192.168.99.1", Get(null, "192.168.99.1", 8080));
        Assert.Equal("hello 192.168.99.2", Get(neighbour.Process, "192.168.99.1", 8080));
        Assert.Equal("hello 10.90.2.2", Get(other, "192.168.99.1", 8080));
        Assert.StartsWith("hello 10.90.1.", Get(beside, "192.168.99.1", 8080), StringComparison.Ordinal);
        Assert.StartsWith("hello 10.90.1.", Get(web, "192.168.99.1", 8080), StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_not_published_is_closed_to_neighbours_and_so_is_the_loopback() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process web = store.Plug(Front, 1, "10.90.1.2", new PublishedPort("tcp", IPAddress.Loopback, 8080, IPAddress.Parse("10.90.1.2"), 80));
        using var neighbour = new Neighbour();
        using Killed server = Serve(web, 80);
        OwnNetwork.Shell("sysctl -q -w net.ipv4.conf.all.route_localnet=1");
        OwnNetwork.In(neighbour.Process, "ip route add 10.90.1.0/24 via 192.168.99.1");
        OwnNetwork.In(neighbour.Process, "sysctl -q -w net.ipv4.conf.all.route_localnet=1; ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1 via 192.168.99.1");

        Assert.Equal("hello 10.90.1.1", Get(null, "127.0.0.1", 8080));
        Assert.Equal("", Get(neighbour.Process, "10.90.1.2", 80));
        Assert.Equal("", Get(neighbour.Process, "192.168.99.1", 8080));
        Assert.Equal("", Get(neighbour.Process, "127.0.0.1", 8080));
    });

    [Fact]
    public void Packets_that_only_pass_are_not_captured() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process web = store.Plug(Front, 1, "10.90.1.2", new PublishedPort("tcp", IPAddress.Any, 8080, IPAddress.Parse("10.90.1.2"), 80));
        using var near = new Neighbour();
        using var far = new Neighbour(98);
        using Killed server = Serve(web, 80);
        using Killed theirs = Serve(far.Process, 8080);

        Assert.Equal("hello 192.168.99.2", Get(near.Process, "192.168.98.2", 8080));
    });

    [Fact]
    public void Nothing_leaves_an_internal_network() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process inside = store.Plug(Front with { Internal = true }, 1, "10.90.1.2");
        using var neighbour = new Neighbour();
        OwnNetwork.In(inside, "ip route add default via 10.90.1.1");
        OwnNetwork.In(neighbour.Process, "ip route add 10.90.1.0/24 via 192.168.99.1");

        Assert.False(Reaches(inside, "192.168.99.2"));
        Assert.False(Reaches(neighbour.Process, "10.90.1.2"));
    });

    [Theory]
    [InlineData("FORWARD")]
    [InlineData("DOCKER-USER")]
    public void Where_others_drop_what_they_do_not_know_our_bridges_are_known_in_the_place_meant_for_it(string place) => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process one = store.Plug(Front, 1, "10.90.1.2");
        using var neighbour = new Neighbour();
        OwnNetwork.Shell($"nft 'add table ip filter; add chain ip filter FORWARD {{ type filter hook forward priority 0; policy drop; }}'");
        if (place != "FORWARD")
        {
            OwnNetwork.Shell($"nft 'add chain ip filter {place}; add rule ip filter FORWARD jump {place}'");
        }

        string before = OwnNetwork.Shell("nft list table ip filter");
        Assert.False(Reaches(one, "192.168.99.2"));

        var foreign = new ForeignFirewalls("0000abcd");
        foreign.Open(store.Filter, Front.Device);
        foreign.Open(store.Filter, Front.Device);
        Assert.True(Reaches(one, "192.168.99.2"));
        Assert.Equal(2, OwnNetwork.Shell($"nft list chain ip filter {place}").Split("tare-0000abcd br-a").Length - 1);
        Assert.Equal(2, foreign.Find(store.Filter).Count());

        foreign.Close(store.Filter, Front.Device);
        Assert.Equal(before, OwnNetwork.Shell("nft list table ip filter"));
    });

    [Fact]
    public void What_leaves_has_the_hosts_address() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        using Process one = store.Plug(Front, 1, "10.90.1.2");
        using var neighbour = new Neighbour();
        using Killed server = Serve(neighbour.Process, 80);

        Assert.Equal("hello 192.168.99.1", Get(one, "192.168.99.2", 80));
    });

    [Fact]
    public void Thousands_of_ports_come_and_go() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        PublishedPort[] ports = [.. Enumerable.Range(20_000, 3000).Select(static port => new PublishedPort("tcp", IPAddress.Any, port, IPAddress.Parse("10.90.1.2"), port))];
        Endpoint endpoint = Store.EndpointOf(Front, 1, "10.90.1.2");

        store.Firewall.Add(store.Filter, [endpoint], ports);
        Assert.Equal(3000, OwnNetwork.Shell("nft list map inet tare-0000abcd any4").Split(" : 10.90.1.2 . ").Length - 1);

        store.Firewall.Remove(store.Filter, [endpoint], ports);
        Assert.DoesNotContain("10.90.1.2", OwnNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
    });

    [Fact]
    public void Ports_of_a_container_are_exchanged_at_once_and_what_they_share_stays() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        var one = new PublishedPort("tcp", IPAddress.Any, 8080, IPAddress.Parse("10.90.1.2"), 80);
        PublishedPort other = one with { HostPort = 8081 };
        PublishedPort moved = one with { TargetPort = 81 };
        store.Firewall.Add(store.Filter, [], [one]);

        store.Firewall.Replace(store.Filter, [one], [one, other]);
        store.Firewall.Replace(store.Filter, [one, other], [other]);
        Assert.Contains("elements = { tcp . 8081 : 10.90.1.2 . 80 }", OwnNetwork.Shell("nft list map inet tare-0000abcd any4"), StringComparison.Ordinal);
        Assert.Contains("10.90.1.2 . 10.90.1.2", OwnNetwork.Shell("nft list set inet tare-0000abcd selves4"), StringComparison.Ordinal);

        store.Firewall.Replace(store.Filter, [other], [other, one]);
        store.Firewall.Replace(store.Filter, [other, one], [moved]);
        Assert.Contains("elements = { tcp . 8080 : 10.90.1.2 . 81 }", OwnNetwork.Shell("nft list map inet tare-0000abcd any4"), StringComparison.Ordinal);

        // also when somebody died between what he wrote down and what he made
        store.Firewall.Replace(store.Filter, [moved, other], [one]);
        Assert.Contains("elements = { tcp . 8080 : 10.90.1.2 . 80 }", OwnNetwork.Shell("nft list map inet tare-0000abcd any4"), StringComparison.Ordinal);
        store.Firewall.Replace(store.Filter, [one], []);
        Assert.DoesNotContain("10.90.1.2", OwnNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
    });

    [Fact]
    public void A_change_that_is_refused_leaves_all_of_its_lot_undone() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        var one = new PublishedPort("sctp", IPAddress.Any, 7, IPAddress.Parse("10.90.1.2"), 7);
        store.Firewall.Add(store.Filter, [], [one]);

        Assert.Throws<LinuxException>(() => store.Firewall.Add(
            store.Filter, [], [one with { HostPort = 8 }, one with { Target = IPAddress.Parse("10.90.1.3") }]));
        Assert.DoesNotContain("sctp . 8", OwnNetwork.Shell("nft list map inet tare-0000abcd any4"), StringComparison.Ordinal);

        Assert.True(store.Firewall.Has(store.Filter, one));
        Assert.False(store.Firewall.Has(store.Filter, one with { HostPort = 8 }));

        // and the next finds the socket as it should be
        store.Firewall.Add(store.Filter, [], [one with { HostPort = 9 }]);
        Assert.Contains("sctp . 9", OwnNetwork.Shell("nft list map inet tare-0000abcd any4"), StringComparison.Ordinal);
    });

    [Fact]
    public void What_a_container_had_goes_and_what_is_gone_already_is_no_error() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        var port = new PublishedPort("udp", IPAddress.Any, 53, IPAddress.Parse("10.90.1.2"), 53);
        Endpoint endpoint = Store.EndpointOf(Front, 1, "10.90.1.2");
        store.Firewall.Add(store.Filter, [endpoint], [port]);
        Assert.Contains("10.90.1.2", OwnNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);

        store.Firewall.Remove(store.Filter, [endpoint], [port]);
        Assert.DoesNotContain("10.90.1.2", OwnNetwork.Shell("nft list ruleset"), StringComparison.Ordinal);
        store.Firewall.Remove(store.Filter, [endpoint], [port]);
        store.Firewall.Remove(store.Filter);
        Assert.Equal("", OwnNetwork.Shell("nft list ruleset"));
        store.Firewall.Remove(store.Filter);
    });

    /// <summary>The kernel goes on to send what comes without a pause, whatever the rules say: until it is told to forget.</summary>
    [Fact]
    public void A_stream_of_datagrams_ends_where_it_is_forgotten_and_no_other() => OwnNetwork.Run(() =>
    {
        using var store = new Store();
        IPAddress address = IPAddress.Parse("10.90.1.2");
        PublishedPort[] ports = [new("udp", IPAddress.Any, 5300, address, 53), new("udp", IPAddress.Any, 5400, address, 54)];
        using Process container = store.Plug(Front, 1, "10.90.1.2", ports);
        using var neighbour = new Neighbour();
        using Killed one = Echo(container, 53);
        using Killed other = Echo(container, 54);
        using Process first = Stream(neighbour.Process, 5300);
        using Process second = Stream(neighbour.Process, 5400);
        Assert.Equal("yes", Say(first));
        Assert.Equal("yes", Say(second));

        store.Firewall.Remove(store.Filter, [], ports);
        Assert.Equal("yes", Say(first));
        ConnectionTable.Forget(store.Filter, ports[0].ProtocolNumber, address, (5300, 53));
        Assert.Equal("no", Say(first));
        Assert.Equal("yes", Say(second));
        ConnectionTable.Forget(store.Filter, ports[0].ProtocolNumber, address, null);
        ConnectionTable.Forget(store.Filter, ports[0].ProtocolNumber, address, null);
        Assert.Equal("no", Say(second));
        first.Kill();
        second.Kill();
    });

    private static Killed Echo(Process inside, int port)
    {
        Process server = Process.Start(new ProcessStartInfo(
            "nsenter",
            ["-t", $"{inside.Id}", "-n", "python3", "-uc", $"""
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", {port})); print()
                while True: s.sendto(*s.recvfrom(9))
                """])
        { RedirectStandardOutput = true })!;
        server.StandardOutput.ReadLine();
        return new Killed(server);
    }

    /// <summary>Sends from one socket each time it is told to, and says whether an answer came.</summary>
    private static Process Stream(Process from, int port) => Process.Start(new ProcessStartInfo(
        "nsenter",
        ["-t", $"{from.Id}", "-n", "python3", "-uc", $"""
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2); s.connect(("192.168.99.1", {port}))
            for line in sys.stdin:
                try:
                    s.send(b"x"); s.recv(9); print("yes")
                except OSError: print("no")
            """])
    { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    private static string? Say(Process stream)
    {
        stream.StandardInput.WriteLine();
        stream.StandardInput.Flush();
        return stream.StandardOutput.ReadLine();
    }

    private static NetworkPlan Plan(string id, string subnet) => new(id, id, NetworkPlan.Bridge, "br-" + id)
    {
        Subnets = [Subnet.Create(IPNetwork.Parse(subnet), null, null, new Dictionary<string, IPAddress>())],
    };

    private static bool Reaches(Process from, string address) => OwnNetwork.In(from, $"ping -c 1 -W 1 {address}").Code == 0;

    /// <summary>Answers whoever connects with his address.</summary>
    private static Killed Serve(Process inside, int port)
    {
        Process server = Process.Start(new ProcessStartInfo(
            "nsenter",
            ["-t", $"{inside.Id}", "-n", "python3", "-uc", $"""
                import socket
                s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("", {port})); s.listen(); s.settimeout(20); print()
                while True:
                    c, a = s.accept(); c.sendall(("hello " + a[0]).encode()); c.close()
                """])
        { RedirectStandardOutput = true })!;
        server.StandardOutput.ReadLine();
        return new Killed(server);
    }

    private static string Get(Process? from, string address, int port)
    {
        string python = $"""
            import socket
            try:
                print(socket.create_connection(("{address}", {port}), 1).recv(100).decode(), end="")
            except OSError: pass
            """;
        string file = Path.GetTempFileName();
        File.WriteAllText(file, python);
        try
        {
            return (from is null ? OwnNetwork.Try($"python3 {file}") : OwnNetwork.In(from, $"python3 {file}")).Output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class Store : IDisposable
    {
        private readonly NetlinkSocket _host = NetlinkSocket.Open();
        private readonly List<Process> _containers = [];

        public Store() => Firewall.Ensure(Filter);

        public NetlinkSocket Filter { get; } = NetlinkSocket.OpenFilter();

        public StoreFirewall Firewall { get; } = new("0000abcd");

        public static Endpoint EndpointOf(NetworkPlan network, int number, string address) => new(
            network, $"tv0000abcd{number}", "eth0", MacAddress.For(IPAddress.Parse(address).GetAddressBytes()), [IPAddress.Parse(address)])
        {
            IsDefaultRoute = true,
        };

        public Process Plug(NetworkPlan network, int number, string address, params PublishedPort[] ports)
        {
            int bridge = Bridges.Ensure(_host, network);
            Firewall.Add(Filter, network);
            Process process = OwnNetwork.Container();
            Endpoint endpoint = EndpointOf(network, number, address);
            using ContainerSpace space = ContainerSpace.Open(OwnNetwork.SpaceOf(process), v6: false);
            space.Plug(_host, endpoint, bridge);
            Firewall.Add(Filter, [endpoint], ports);
            _containers.Add(process);
            return process;
        }

        public void Dispose()
        {
            _host.Dispose();
            Filter.Dispose();
            _containers.ForEach(static process => new Killed(process).Dispose());
        }
    }

    /// <summary>Another machine on a wire of the host's own.</summary>
    private sealed class Neighbour : IDisposable
    {
        public Neighbour(int number = 99)
        {
            OwnNetwork.Shell($"ip link add lan{number} type veth peer name eth0 netns {Process.Id}; ip addr add 192.168.{number}.1/24 dev lan{number}; ip link set lan{number} up");
            OwnNetwork.In(Process, $"ip link set lo up; ip addr add 192.168.{number}.2/24 dev eth0; ip link set eth0 up; ip route add default via 192.168.{number}.1");
        }

        public Process Process { get; } = OwnNetwork.Container();

        public void Dispose() => new Killed(Process).Dispose();
    }

    private sealed record Killed(Process Process) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                Process.Kill();
            }
            catch (InvalidOperationException)
            {
                // it has ended
            }
        }
    }
}
