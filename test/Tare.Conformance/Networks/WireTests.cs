// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>Networks of the driver macvlan: containers are machines of their own on the wire of a device of the host.</summary>
public sealed class WireTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void Containers_meet_each_other_by_name_and_who_is_on_the_wire()
    {
        int peer = Wire();
        Tare.Succeed("network", "create", "-d", "macvlan", "-o", "parent=wire", "--subnet", "10.236.1.0/24", "--gateway", "10.236.1.1", "wired");
        Up("one", "--network wired");
        Up("two", "--network wired --ip 10.236.1.9 --network-alias second");

        Assert.Contains("10.236.1.9", In("one", "nslookup -type=a second"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", In("one", "ping -c 1 -W 5 two"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", In("one", "ping -c 1 -W 5 10.236.1.1"), StringComparison.Ordinal);
        HostNetwork.Shell("ping -c 1 -W 5 10.236.1.9", peer);
        Assert.Equal(["one", "two"], Tare.Succeed("network", "inspect", "-f", "{{range .Containers}}{{.Name}} {{end}}", "wired").Trim().Split(' ').Order());
    }

    [Fact]
    public void They_are_plugged_in_and_out_while_they_run_and_publish_nothing()
    {
        int peer = Wire();
        Tare.Succeed("network", "create", "-d", "macvlan", "-o", "parent=wire", "--subnet", "10.236.1.0/24", "--gateway", "10.236.1.1", "wired");
        Tare.Succeed("network", "create", "side");
        Up("one", "--network wired -p 18120:80");

        Assert.Equal("", Tare.Succeed("port", "one"));
        Tare.Succeed("network", "connect", "side", "one");
        Tare.Succeed("network", "disconnect", "wired", "one");
        Assert.DoesNotContain("10.236.1.", In("one", "ip -4 addr"), StringComparison.Ordinal);
        Tare.Succeed("network", "connect", "--ip", "10.236.1.7", "wired", "one");
        HostNetwork.Shell("ping -c 1 -W 5 10.236.1.7", peer);

        Tare.Succeed("rm", "-f", "one");

        // its device goes with the network namespace, which the kernel takes away a moment later
        (int code, _) = Subject.Poll(TimeSpan.FromSeconds(10), () => HostNetwork.Try("ping -c 1 -W 1 10.236.1.7", peer), static ping => ping.Code != 0);
        Assert.NotEqual(0, code);
        Tare.Succeed("network", "rm", "wired", "side");
        AssertClean();
    }

    /// <summary>A device of the host whose other end is the gateway of another machine.</summary>
    private int Wire()
    {
        (int peer, _, _) = Neighbour();
        HostNetwork.Try("ip link del wire");
        HostNetwork.Shell($"ip link add wire type veth peer name wire netns {peer} && ip link set wire up");
        HostNetwork.Shell("ip addr add 10.236.1.1/24 dev wire && ip link set wire up", peer);
        return peer;
    }
}
