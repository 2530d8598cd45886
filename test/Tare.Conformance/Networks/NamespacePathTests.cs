// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary><c>--network ns:PATH</c>.</summary>
public sealed class NamespacePathTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void A_container_is_in_the_network_that_somebody_else_made()
    {
        (int neighbour, string host, string own) = Neighbour();
        string path = $"/proc/{neighbour}/ns/net";
        UpWeb("guest", $"--network ns:{path} --hostname guest --add-host db:192.0.2.1 --dns 192.0.2.53");

        Assert.Equal($"guest {host}", AskFrom(0, own));
        Assert.Equal("lan lo", string.Join(' ', In("guest", "ls /sys/class/net").Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("guest\n", In("guest", "cat /etc/hostname"));
        string hosts = In("guest", "cat /etc/hosts");
        Assert.Contains("127.0.0.1\tguest\n", hosts, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1\tdb\n", hosts, StringComparison.Ordinal);
        Assert.Equal("nameserver 192.0.2.53\n", In("guest", "grep nameserver /etc/resolv.conf"));
        Assert.Equal("0 0 4294967295", string.Join(' ', In("guest", "cat /proc/self/uid_map").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim());
        Assert.Equal($"ns:{path} {path} 0", Tare.Succeed("inspect", "-f", "{{.HostConfig.NetworkMode}} {{.NetworkSettings.SandboxKey}} {{len .NetworkSettings.Networks}}", "guest").Trim());

        Tare.Succeed("restart", "-t", "0", "guest");
        Assert.Contains(own, In("guest", "ip addr"), StringComparison.Ordinal);
        Tare.Succeed("rm", "-f", "guest");
        Assert.Contains("lan", HostNetwork.Shell("ip link", neighbour), StringComparison.Ordinal);
    }

    [Fact]
    public void It_may_be_kept_by_a_mount_alone_and_has_the_resolvers_that_ip_netns_gives_it()
    {
        const string Name = "tare-conformance-space";
        HostNetwork.Shell($"ip netns add {Name} && mkdir -p /etc/netns/{Name} && echo nameserver 192.0.2.9 >/etc/netns/{Name}/resolv.conf");
        try
        {
            Up("guest", $"--network ns:/run/netns/{Name}");
            Assert.Equal("nameserver 192.0.2.9\n", In("guest", "cat /etc/resolv.conf"));
            Assert.Equal("lo\n", In("guest", "ls /sys/class/net"));
            Assert.NotEqual(HostNetwork.Shell("readlink /proc/self/ns/net"), HostNetwork.Shell($"readlink /proc/{Pid("guest")}/ns/net"));
            Tare.Succeed("rm", "-f", "guest");
            AssertClean();
        }
        finally
        {
            HostNetwork.Try($"ip netns del {Name}; rm -r /etc/netns/{Name}; rmdir /etc/netns");
        }
    }

    [Fact]
    public void What_is_no_network_namespace_is_refused_and_so_is_what_belongs_to_its_owner()
    {
        Refused("/no/such", "network namespace /no/such: no such file");
        Refused("/etc/passwd", "/etc/passwd is not a network namespace");
        Refused("/proc/self/ns/uts", "/proc/self/ns/uts is not a network namespace");
        Refused("run/netns/x", "invalid network namespace path");
        Refused("", "invalid network namespace path");
        Refused("/proc/1/ns/net", "conflicting options: port publishing", "-p", "80");
        Refused("/proc/1/ns/net", "conflicting options: links", "--link", "web");
        Refused("/proc/1/ns/net", "conflicting options: addresses and aliases", "--ip", "192.0.2.7");
        Refused("/proc/1/ns/net", "conflicting options: further networks", "--network", "bridge");
        Refused("/proc/1/ns/net", "it joins a network namespace of the host", "--userns", "private");
        AssertClean();

        void Refused(string path, string words, params string[] flags) =>
            Refuses(125, words, ["run", "--rm", "--network", $"ns:{path}", .. flags, "busybox", "true"]);
    }
}
