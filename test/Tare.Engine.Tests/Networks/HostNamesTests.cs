// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class HostNamesTests : IDisposable
{
    private static readonly LiveNetworks One = new()
    {
        Endpoints =
        [
            new("n1", "app", "e1", "bridge", "tv1", "eth0", "02:42:0a:01:00:02")
            {
                Addresses = [new("10.1.0.2", 24, "10.1.0.1"), new("fd00::2", 64, "fd00::1")],
            },
        ],
    };

    private readonly TemporaryEngine _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_container_finds_itself_at_each_of_its_addresses()
    {
        string hosts = Compose(new RunRequest { Image = "i", Domainname = "example.org" }, One);

        Assert.StartsWith("127.0.0.1\tlocalhost\n", hosts, StringComparison.Ordinal);
        Assert.EndsWith("10.1.0.2\tbox.example.org box\nfd00::2\tbox.example.org box\n", hosts, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_that_were_added_stand_there_and_the_gateway_is_the_networks()
    {
        var request = new RunRequest { Image = "i", ExtraHosts = ["db:192.0.2.1", "six:fd00::7", $"host:{HostNames.HostGateway}"] };

        string hosts = Compose(request, One);

        Assert.Contains("192.0.2.1\tdb\nfd00::7\tsix\n10.1.0.1\thost\n", hosts, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1\thost\n", Compose(request with { Network = "none" }, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_network_it_knows_this_machine_alone_and_with_the_hosts_it_knows_what_that_knows()
    {
        Assert.DoesNotContain("box", Compose(new RunRequest { Image = "i", Network = "none" }, null), StringComparison.Ordinal);
        Assert.StartsWith(File.ReadAllText("/etc/hosts"), Compose(new RunRequest { Image = "i", Network = "host" }, null), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_network_namespace_of_somebody_else_it_finds_itself_at_loopback() =>
        Assert.EndsWith("127.0.0.1\tbox\n", Compose(new RunRequest { Image = "i", Network = "ns:/run/netns/x" }, null), StringComparison.Ordinal);

    [Fact]
    public void A_link_to_nobody_is_an_error() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => Compose(new RunRequest { Image = "i", Links = ["nobody:db"] }, One)).Kind);

    [Fact]
    public void Resolvers_are_the_hosts_or_those_that_were_given_or_its_own_server()
    {
        const string Host = "nameserver 192.0.2.1\nsearch example.org\n";
        var plain = new RunRequest { Image = "i" };

        Assert.Equal(Host, HostNames.Resolvers(plain, hasNetworks: false, hasServer: false, Host).Text);
        Assert.Contains("nameserver 192.0.2.9\n", HostNames.Resolvers(plain with { Dns = ["192.0.2.9"] }, hasNetworks: false, hasServer: false, Host).Text, StringComparison.Ordinal);
        ResolverFile own = HostNames.Resolvers(plain, hasNetworks: true, hasServer: true, Host);
        Assert.Contains("nameserver 127.0.0.11\n", own.Text, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1", Assert.Single(own.Upstreams).ToString());
    }

    private string Compose(RunRequest request, LiveNetworks? live) => HostNames.Compose(_store.Engine, request, "box", live);
}
