// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>What <c>run</c> and <c>connect</c> say of a container's place on its networks.</summary>
public sealed class EndpointTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void Address_hardware_address_and_names_are_those_that_were_asked_for()
    {
        Tare.Succeed("network", "create", "--subnet", "10.231.7.0/24", "--ipv6", "--subnet", "fd77:7::/64", "own");
        string text = Store.Shell(
            "ip -o addr show eth0; ip link show eth0; hostname; cat /etc/hosts /etc/resolv.conf; ip route; ip -6 route",
            "--network", "own", "--ip", "10.231.7.77", "--ip6", "fd77:7::77", "--mac-address", "92:d0:c6:0a:29:33", "--hostname", "box", "--domainname", "example.org",
            "--dns", "192.0.2.53", "--dns-search", "corp.example", "--dns-option", "ndots:3", "--add-host", "db:192.0.2.9", "--add-host", "host.docker.internal:host-gateway");

        foreach (string part in (string[])
            [
                "inet 10.231.7.77/24", "inet6 fd77:7::77/64", "92:d0:c6:0a:29:33", "box\n", "192.0.2.9\tdb\n",
                "10.231.7.1\thost.docker.internal\n", "10.231.7.77\tbox.example.org box\n", "nameserver 127.0.0.11", "search corp.example", "ndots:3",
                "default via 10.231.7.1", "default via fd77:7::1",
            ])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Several_networks_with_options_of_their_own()
    {
        Tare.Succeed("network", "create", "--subnet", "10.231.8.0/24", "alpha");
        Tare.Succeed("network", "create", "--subnet", "10.231.9.0/24", "beta");
        Up("both", "--network name=alpha,ip=10.231.8.8,alias=a --network name=beta,mac-address=92:d0:c6:0a:29:44,gw-priority=5");

        string text = In("both", "ip -o addr; ip link; ip route");
        Assert.Contains("10.231.8.8/24", text, StringComparison.Ordinal);
        Assert.Contains("92:d0:c6:0a:29:44", text, StringComparison.Ordinal);
        Assert.Contains("default via 10.231.9.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_and_disconnect_of_what_runs_count_at_once()
    {
        Tare.Succeed("network", "create", "first");
        Tare.Succeed("network", "create", "second");
        Up("mover", "--network first --hostname mover");
        UpWeb("web", "--network second --hostname web");
        Assert.Equal("", Ask("mover", "web"));

        Tare.Succeed("network", "connect", "--alias", "here", "second", "mover");
        Assert.StartsWith("web ", Ask("mover", "web"), StringComparison.Ordinal);
        Assert.Contains(Address("mover", "second"), In("web", "nslookup -type=a here"), StringComparison.Ordinal);
        Assert.Contains($"{Address("mover", "second")}\tmover", In("mover", "cat /etc/hosts"), StringComparison.Ordinal);
        Refuses(1, "already exists in network second", "network", "connect", "second", "mover");

        Tare.Succeed("network", "disconnect", "second", "mover");
        Assert.Equal("", Ask("mover", "web"));
        Assert.NotEqual(0, Tare.Run("exec", "web", "nslookup", "-type=a", "here").ExitCode);
        Assert.Equal("lo\neth0\n", In("mover", "ls /sys/class/net | sort -r"));
        Refuses(1, "is not connected to network second", "network", "disconnect", "second", "mover");

        // the way out moves to what is left, and a container that does not run remembers
        Tare.Succeed("network", "connect", "second", "mover");
        Tare.Succeed("network", "disconnect", "first", "mover");
        Assert.Contains("default via", In("mover", "ip route"), StringComparison.Ordinal);
        Tare.Succeed("stop", "-t", "0", "mover");
        Tare.Succeed("network", "connect", "first", "mover");
        Tare.Succeed("start", "mover");
        Assert.Equal("first second \n", Tare.Succeed("inspect", "-f", "{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{end}}", "mover"));
        Assert.Equal(2, In("mover", "ls -d /sys/class/net/eth*").Trim().Split('\n').Length);
    }

    [Fact]
    public void An_address_that_is_used_or_foreign_is_refused_and_nothing_is_left()
    {
        Tare.Succeed("network", "create", "--subnet", "10.231.10.0/29", "small");
        Up("one", "--network small --ip 10.231.10.2");

        Refuses(125, "Address already in use", "run", "--rm", "--network", "small", "--ip", "10.231.10.2", "busybox", "true");
        Refuses(125, "no configured subnet contains IP address 10.9.9.9", "run", "--rm", "--network", "small", "--ip", "10.9.9.9", "busybox", "true");
        Refuses(125, "user specified IP address is supported on user defined networks only", "run", "--rm", "--ip", "172.17.0.9", "busybox", "true");
        Refuses(125, "network nowhere not found", "run", "--rm", "--network", "nowhere", "busybox", "true");
        for (int i = 0; i < 4; i++)
        {
            Up($"more{i}", "--network small");
        }

        Refuses(125, "no available IPv4 addresses", "run", "--rm", "--network", "small", "busybox", "true");
        AssertClean();
        Tare.Succeed("rm", "-f", "more0");
        Tare.Succeed("run", "--rm", "--network", "small", "busybox", "true");
    }

    /// <summary>Containers cannot pretend to be another one: security.md A.7.</summary>
    [Fact]
    public void A_foreign_source_address_does_not_pass()
    {
        Tare.Succeed("network", "create", "--subnet", "10.231.11.0/24", "spoof");
        UpWeb("web", "--network spoof --hostname web");
        Up("liar", "--network spoof --cap-add NET_ADMIN");
        Assert.StartsWith("web ", Ask("liar", "web"), StringComparison.Ordinal);

        string address = Address("web", "spoof");
        HostNetwork.Shell("ip addr flush dev eth0; ip addr add 10.231.11.200/24 dev eth0", Pid("liar"));
        Assert.Equal("", AskFrom(Pid("liar"), address));
        AssertClean();
    }

    [Fact]
    public void An_internal_network_has_no_way_out_and_nobody_comes_in()
    {
        (int neighbour, string host, _) = Neighbour();
        Tare.Succeed("network", "create", "--internal", "inner");
        UpWeb("web", "--network inner --hostname web -p 18099:80");
        UpWeb("client", "--network inner --hostname client");

        Assert.StartsWith("web ", Ask("client", "web"), StringComparison.Ordinal);
        Assert.Equal("", AskFrom(neighbour, $"{host}:18099"));
        Assert.DoesNotContain("default", In("client", "ip route"), StringComparison.Ordinal);
    }
}
