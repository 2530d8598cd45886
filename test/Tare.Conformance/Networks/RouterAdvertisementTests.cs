// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>Nobody tells containers or bridges who their routers are: CVE-2020-13401, CVE-2020-10749, CVE-2024-32473. security.md A.7.</summary>
public sealed class RouterAdvertisementTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private const string Prefix = "fd66:6:6:6:";

    /// <summary>From the address and the device that are its arguments: a router for half an hour, a prefix to make addresses of.</summary>
    private const string Blast =
        "import socket,struct,sys\n" +
        "s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,socket.IPPROTO_ICMPV6)\n" +
        "s.setsockopt(socket.SOL_SOCKET,socket.SO_BINDTODEVICE,sys.argv[1].encode()+b'\\0')\n" +
        "s.setsockopt(socket.IPPROTO_IPV6,socket.IPV6_MULTICAST_HOPS,255)\n" +
        "s.setsockopt(socket.IPPROTO_IPV6,socket.IPV6_UNICAST_HOPS,255)\n" +
        "ra=struct.pack('!BBHBBHII',134,0,0,64,0,1800,0,0)\n" +
        "ra+=struct.pack('!BBBBIII',3,4,64,0xc0,86400,14400,0)+socket.inet_pton(socket.AF_INET6,'fd66:6:6:6::')\n" +
        "i=socket.if_nametoindex(sys.argv[1])\n" +
        "for n in range(20): s.sendto(ra,('ff02::1',0,0,i))\n";

    [Fact]
    public void Neither_the_host_nor_a_container_advertises_a_router_to_a_container_or_a_bridge()
    {
        string script = Path.Combine(Store.HostFolder(), "blast.py");
        File.WriteAllText(script, Blast);
        Tare.Succeed("network", "create", "--ipv6", "-o", "com.docker.network.bridge.name=tare-ra0", "six");
        Up("one", "--network six --cap-add NET_RAW --cap-add NET_ADMIN");
        Up("two", "--network six");
        Up("four");

        // from the side of the host, and from a container that may do what it likes to its own network
        HostNetwork.Shell($"python3 {script} tare-ra0");
        HostNetwork.Try("ip -6 addr add fe80::77/64 dev eth0 nodad", Pid("one"));
        HostNetwork.Try($"python3 {script} eth0", Pid("one"));
        AssertAcceptedByNeighbour(script);

        foreach (string name in (string[])["one", "two", "four"])
        {
            AssertNone(Pid(name));
        }

        AssertNone(0, "tare-ra0");
        Assert.Equal("0\n", HostNetwork.Shell("cat /proc/sys/net/ipv6/conf/tare-ra0/accept_ra"));
        Assert.Equal("0\n", HostNetwork.Shell("cat /proc/sys/net/ipv6/conf/eth0/accept_ra", Pid("two")));
        Assert.Equal("1\n", HostNetwork.Shell("cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6", Pid("four")));
    }

    /// <summary>One that does as hosts do: what was sent to the others is something that is accepted.</summary>
    private void AssertAcceptedByNeighbour(string script)
    {
        (int neighbour, _, _) = Neighbour();
        string device = HostNetwork.Devices().Last(static name => name.StartsWith("lan", StringComparison.Ordinal));
        HostNetwork.Shell("echo 1 >/proc/sys/net/ipv6/conf/lan/accept_ra", neighbour);
        string addresses = Subject.Poll(
            TimeSpan.FromSeconds(10),
            () =>
            {
                HostNetwork.Try($"python3 {script} {device}");
                return HostNetwork.Shell("ip -6 addr", neighbour);
            },
            static text => text.Contains(Prefix, StringComparison.Ordinal));
        Assert.Contains(Prefix, addresses, StringComparison.Ordinal);
    }

    private static void AssertNone(int process, string device = "")
    {
        string of = device.Length == 0 ? "" : $" dev {device}";
        Assert.DoesNotContain(Prefix, HostNetwork.Shell($"ip -6 addr show{of}", process), StringComparison.Ordinal);
        string routes = HostNetwork.Shell($"ip -6 route show{of}", process);
        Assert.DoesNotContain(Prefix, routes, StringComparison.Ordinal);
        Assert.DoesNotContain("proto ra", routes, StringComparison.Ordinal);
    }
}
