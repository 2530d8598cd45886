// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary><c>--network container:X</c>.</summary>
public sealed class JoinedNetworkTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void A_container_joins_network_names_and_ids_of_another_and_outlives_it()
    {
        Tare.Succeed("network", "create", "app");
        UpWeb("web", "--network app --hostname webhost");
        Up("side", "--network container:web");

        Assert.StartsWith("webhost 127.0.0.1", Ask("side", "127.0.0.1"), StringComparison.Ordinal);
        Assert.Equal("webhost\n", In("side", "hostname"));
        Assert.Equal(In("web", "cat /etc/hosts; cat /proc/self/uid_map"), In("side", "cat /etc/hosts; cat /proc/self/uid_map"));
        Assert.Equal("0 0", In("side", "touch /own; stat -c '%u %g' /own").Trim());
        AssertClean();

        Tare.Succeed("rm", "-f", "web");
        Assert.Equal("lo\n", In("side", "ls /sys/class/net"));
        AssertClean();
        Up("other");
        Assert.NotEqual(In("side", "cat /proc/self/uid_map"), In("other", "cat /proc/self/uid_map"));
    }

    [Fact]
    public void What_belongs_to_the_other_is_not_said_of_this_one_and_the_other_must_run()
    {
        Up("stopped");
        Tare.Succeed("stop", "-t", "0", "stopped");

        Refuses(125, "cannot join network of a non running container", "run", "--rm", "--network", "container:stopped", "busybox", "true");
        Refuses(125, "No such container: nobody", "run", "--rm", "--network", "container:nobody", "busybox", "true");
        Refuses(125, "conflicting options: port publishing and the container type network mode", "run", "--rm", "-p", "80", "--network", "container:stopped", "busybox", "true");
        Refuses(125, "conflicting options: hostname and the container type network mode", "run", "--rm", "-h", "x", "--network", "container:stopped", "busybox", "true");
    }

    [Fact]
    public void In_the_hosts_user_namespace_both_are() => Assert.Equal(
        "0 0 4294967295",
        string.Join(' ', Joined("--userns host").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim());

    private string Joined(string flags)
    {
        Up("first", flags);
        Up("second", "--network container:first");
        return In("second", "cat /proc/self/uid_map");
    }
}
