// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary><c>tare dns</c>: the host finds containers by name.</summary>
[Collection(AloneCollection.Name)]
public sealed class HostNameTests(BusyboxStore store) : NetworkCase(store), IClassFixture<BusyboxStore>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Containers_of_all_networks_are_found_by_name_alias_and_address()
    {
        Tare.Succeed("network", "create", "names");
        Tare.Succeed("network", "create", "--ipv6", "six");
        Up("web");
        Up("app", "--network names --network-alias api");
        Up("both", "--network six");
        string server = Server();

        Assert.Contains(Address("web"), Look("web.tare.localhost", server), StringComparison.Ordinal);
        Assert.Contains(Address("web"), Look("WEB.tare.internal", server), StringComparison.Ordinal);
        foreach (string name in (string[])["app", "api", "app.names"])
        {
            Assert.Contains(Address("app", "names"), Look($"{name}.tare.localhost", server), StringComparison.Ordinal);
        }

        string six = Tare.Succeed("inspect", "-f", "{{.NetworkSettings.Networks.six.GlobalIPv6Address}}", "both").Trim();
        Assert.Contains(six, HostNetwork.Try($"busybox nslookup -type=aaaa both.tare.localhost {server}").Text, StringComparison.Ordinal);
        Assert.Contains("app.names.tare.localhost", HostNetwork.Try($"busybox nslookup {Address("app", "names")} {server}").Text, StringComparison.Ordinal);
        Assert.Contains("NXDOMAIN", Look("nobody.tare.localhost", server), StringComparison.Ordinal);
        Assert.Contains("REFUSED", Look("example.org", server), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Names_come_and_go_with_the_container()
    {
        Up("first");
        string server = Server();
        Assert.Contains("NXDOMAIN", Look("late.tare.localhost", server), StringComparison.Ordinal);

        Tare.Succeed("network", "create", "late");
        Up("late", "--network late");
        Assert.Contains(Address("late", "late"), Look("late.tare.localhost", server), StringComparison.Ordinal);
        Tare.Succeed("rename", "first", "renamed");
        Assert.Contains(Address("renamed"), Look("renamed.tare.localhost", server), StringComparison.Ordinal);
        Assert.Contains("NXDOMAIN", Look("first.tare.localhost", server), StringComparison.Ordinal);
        Tare.Succeed("rm", "-f", "late");
        Assert.Contains("NXDOMAIN", Look("late.tare.localhost", server), StringComparison.Ordinal);
    }

    /// <summary>The C library asks us first and, when it is refused, whoever comes next.</summary>
    [Fact]
    public void What_is_printed_for_resolv_conf_is_what_the_C_library_takes()
    {
        Up("web");
        _ = Server();
        string file = Path.Combine(Store.HostFolder(), "resolv.conf");
        File.WriteAllText(file, Tare.Succeed("dns", "resolv.conf"));

        string found = HostNetwork.Shell($"unshare -m sh -c 'mount --make-rprivate / && mount --bind {file} /etc/resolv.conf && getent ahostsv4 web.tare.internal'");

        Assert.StartsWith(Address("web"), found, StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_where_names_are_asked_for_and_how_resolvers_learn_it()
    {
        string before = Tare.Succeed("dns");
        Assert.Contains("Answers: no", before, StringComparison.Ordinal);
        Up("web");
        string server = Server();

        Assert.Contains($"    server=/tare.localhost/{server}\n", before, StringComparison.Ordinal);
        Assert.Equal($"server=/tare.localhost/{server}\nserver=/tare.internal/{server}\n", Tare.Succeed("dns", "dnsmasq"));
        Assert.Contains($"[Resolve]\nDNS={server}\nDomains=~tare.internal\n", Tare.Succeed("dns", "systemd-resolved"), StringComparison.Ordinal);
        Refuses(1, "unknown resolver: \"bind\"", "dns", "bind");
    }

    [Fact]
    public void Where_somebody_has_port_53_of_all_addresses_there_is_another_one()
    {
        using System.Net.Sockets.UdpClient? other = Subject.Poll(Patience, TryTakePort, static taken => taken is not null);
        Assert.NotNull(other);
        Up("web");

        string lines = Subject.Poll(Patience, () => Tare.Succeed("dns", "dnsmasq"), static lines => lines.Contains("#5354", StringComparison.Ordinal));
        string server = Server();

        Assert.Contains($"server=/tare.localhost/{server}#5354\n", lines, StringComparison.Ordinal);
        Assert.Contains("not possible", Tare.Succeed("dns", "resolv.conf"), StringComparison.Ordinal);
        Assert.Contains(Address("web"), HostNetwork.Try($"busybox nslookup -type=a web.tare.localhost {server}:5354").Text, StringComparison.Ordinal);
    }

    /// <summary>Null: the keeper of a container before has not left yet, and has it at its own address.</summary>
    private static System.Net.Sockets.UdpClient? TryTakePort()
    {
        var client = new System.Net.Sockets.UdpClient { ExclusiveAddressUse = true };
        try
        {
            client.Client.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 53));
            return client;
        }
        catch (System.Net.Sockets.SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    private static string Look(string name, string server) => HostNetwork.Try($"busybox nslookup -type=a {name} {server}").Text;

    private string Server()
    {
        string text = Subject.Poll(Patience, () => Tare.Succeed("dns"), static text => text.Contains("Answers: yes", StringComparison.Ordinal));
        Assert.Contains("Answers: yes", text, StringComparison.Ordinal);
        return text.Split("Server:  ")[1].Split(' ')[0];
    }
}
