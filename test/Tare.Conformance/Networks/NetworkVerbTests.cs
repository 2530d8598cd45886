// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Conformance.Networks;

/// <summary><c>network create</c>, <c>ls</c>, <c>inspect</c>, <c>rm</c>, <c>prune</c>.</summary>
public sealed class NetworkVerbTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    [Fact]
    public void Three_are_always_there_and_one_is_made_with_all_that_was_said()
    {
        Assert.Equal("bridge bridge local\nhost host local\nnone null local\n", Tare.Succeed("network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}"));
        string id = Tare.Succeed(
            "network", "create", "--subnet", "10.232.0.0/16", "--ip-range", "10.232.5.0/24", "--gateway", "10.232.0.254", "--aux-address", "router=10.232.5.1",
            "--label", "a=b", "-o", "com.docker.network.driver.mtu=1400", "made").Trim();

        Assert.Matches("^[0-9a-f]{64}$", id);
        using JsonDocument document = JsonDocument.Parse(Tare.Succeed("network", "inspect", id[..8]));
        JsonElement made = document.RootElement[0];
        JsonElement addresses = made.GetProperty("IPAM").GetProperty("Config")[0];
        Assert.Equal(
            ("made", "bridge", "10.232.0.0/16", "10.232.5.0/24", "10.232.0.254", "10.232.5.1", "b"),
            (Text(made, "Name"), Text(made, "Driver"), Text(addresses, "Subnet"), Text(addresses, "IPRange"), Text(addresses, "Gateway"),
                Text(addresses.GetProperty("AuxiliaryAddresses"), "router"), Text(made.GetProperty("Labels"), "a")));
        Up("user", "--network made");
        Assert.StartsWith("10.232.5.", Address("user", "made"), StringComparison.Ordinal);
        Assert.NotEqual("10.232.5.1", Address("user", "made"));
        Assert.Contains("mtu 1400", In("user", "ip link show eth0"), StringComparison.Ordinal);
        Assert.Equal("user\n", Tare.Succeed("network", "inspect", "-f", "{{range .Containers}}{{.Name}}{{end}}", "made"));
        Assert.Equal($"{id[..12]}\n", Tare.Succeed("network", "ls", "-q", "--filter", "label=a=b"));

        static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
    }

    [Fact]
    public void What_cannot_be_made_is_refused_in_dockers_words()
    {
        Tare.Succeed("network", "create", "--subnet", "10.233.0.0/24", "taken");

        Refuses(1, "network with name taken already exists", "network", "create", "taken");
        Refuses(1, "Pool overlaps with other one on this address space", "network", "create", "--subnet", "10.233.0.128/25", "over");
        Refuses(1, "plugin not found", "network", "create", "-d", "nonsense", "over");
        Refuses(1, "operation is not permitted on predefined", "network", "create", "default");
        Refuses(1, "is a pre-defined network and cannot be removed", "network", "rm", "bridge");
        Refuses(1, "network nowhere not found", "network", "rm", "nowhere");
        Assert.Equal("taken\n", Tare.Succeed("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}"));
    }

    [Fact]
    public void A_network_in_use_stays_and_prune_takes_the_others()
    {
        Tare.Succeed("network", "create", "used");
        Tare.Succeed("network", "create", "free");
        Up("user", "--network used");

        Refuses(1, "has active endpoints", "network", "rm", "used");
        Assert.Equal("Deleted Networks:\nfree\n\n", Tare.Succeed("network", "prune", "-f"));
        Tare.Succeed("rm", "-f", "user");
        Assert.Equal("used\n", Tare.Succeed("network", "rm", "used"));
        Assert.DoesNotContain(HostNetwork.Devices(Tare), name => name.StartsWith("tv", StringComparison.Ordinal));
    }

    [Fact]
    public void Pools_are_those_of_the_configuration_and_have_an_end()
    {
        string config = Path.Combine(Store.HostFolder(), "config");
        File.WriteAllText(config, "{\"default-address-pools\": [{\"base\": \"10.234.0.0/23\", \"size\": 24}]}");
        Tare.Succeed("--config", config, "network", "create", "one");
        Tare.Succeed("--config", config, "network", "create", "two");

        Refuses(1, "all predefined address pools have been fully subnetted", "--config", config, "network", "create", "three");
        Assert.Equal("10.234.0.0/24\n", Tare.Succeed("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "one"));
        Assert.Equal("10.234.1.0/24\n", Tare.Succeed("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "two"));
    }

    /// <summary>A route of the host, such as a VPN's, is never shadowed.</summary>
    [Fact]
    public void A_subnet_that_the_host_has_a_way_to_is_left_out()
    {
        (_, string host, _) = Neighbour();
        string config = Path.Combine(Store.HostFolder(), "config");
        File.WriteAllText(config, "{\"default-address-pools\": [{\"base\": \"10.235.0.0/23\", \"size\": 24}]}");
        HostNetwork.Shell($"ip route add 10.235.0.0/24 via {host[..^1]}2");

        Tare.Succeed("--config", config, "network", "create", "beside");

        Assert.Equal("10.235.1.0/24\n", Tare.Succeed("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "beside"));
    }

    [Fact]
    public void Drivers_that_the_kernel_has_not_are_refused_clearly()
    {
        Refuses(1, "needs a parent device", "network", "create", "-d", "macvlan", "wire");
        foreach (string driver in (string[])["macvlan", "ipvlan"])
        {
            Tare.Succeed("network", "create", "-d", driver, "-o", "parent=lo", "--subnet", "10.236.0.0/24", driver);
            Outcome run = Tare.Run("run", "--rm", "--network", driver, "busybox", "true");
            Assert.Equal(125, run.ExitCode);
            BusyboxStore.AssertClear(run);
            Tare.Succeed("network", "rm", driver);
        }
    }
}
