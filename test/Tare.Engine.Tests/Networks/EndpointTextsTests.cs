// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public class EndpointTextsTests
{
    private static readonly NetworkRow Own = Row("own", "10.1.0.0/24", "10.1.0.1");
    private static readonly NetworkRow Default = Row(NetworkRow.Default, "172.17.0.0/16", "172.17.0.1");

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("10.1.0.9", "10.1.0.9", null)]
    [InlineData(null, null, "fd00::9")]
    public void The_address_that_is_wanted_is_one_of_its_family(string? ip, string? v4, string? ip6)
    {
        var attachment = new NetworkAttachment("own") { Ip = ip, Ip6 = ip6 };

        Assert.Equal(v4, EndpointTexts.Wanted(attachment, AddressFamily.InterNetwork)?.ToString());
        Assert.Equal(ip6, EndpointTexts.Wanted(attachment, AddressFamily.InterNetworkV6)?.ToString());
    }

    [Theory]
    [InlineData("fd00::9", AddressFamily.InterNetwork, "invalid IPv4 address")]
    [InlineData("10.1.0", AddressFamily.InterNetwork, "invalid IPv4 address")]
    [InlineData("", AddressFamily.InterNetwork, "invalid IPv4 address")]
    [InlineData("10.1.0.9", AddressFamily.InterNetworkV6, "invalid IPv6 address")]
    public void One_of_another_family_or_none_at_all_is_refused(string text, AddressFamily family, string words)
    {
        NetworkAttachment attachment = family == AddressFamily.InterNetwork ? new("own") { Ip = text } : new("own") { Ip6 = text };

        TareException refused = Assert.Throws<TareException>(() => EndpointTexts.Wanted(attachment, family));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_network_gives_neither_chosen_addresses_nor_aliases()
    {
        AssertRefused("user specified IP address is supported on user defined networks only", Default, new("bridge") { Ip = "172.17.0.9" });
        AssertRefused("network-scoped aliases are only supported for user-defined networks", Default, new("bridge") { Aliases = ["x"] });
        AssertRefused("no configured subnet contains IP address fd00::9", Own, new("own") { Ip6 = "fd00::9" });
        EndpointTexts.RefuseForeign(Own, Own.Plan, new("own") { Ip = "10.1.0.9", Aliases = ["x"] });
        EndpointTexts.RefuseForeign(Default, Default.Plan, new("bridge"));
    }

    [Fact]
    public void A_hardware_address_is_the_one_that_is_asked_for_or_belongs_to_the_address()
    {
        IPAddress[] addresses = [IPAddress.Parse("10.1.0.9"), IPAddress.Parse("fd00::9")];

        Assert.Equal("92:d0:c6:0a:29:33", EndpointTexts.Mac(new("own") { Mac = "92:D0:C6:0A:29:33" }, addresses).ToString());
        Assert.Equal(MacAddress.For([10, 1, 0, 9]), EndpointTexts.Mac(new("own"), addresses));
        Assert.Throws<TareException>(() => EndpointTexts.Mac(new("own") { Mac = "92:d0" }, addresses));
    }

    [Fact]
    public void It_is_found_by_its_name_first_then_by_aliases_and_hostname()
    {
        ContainerRow row = new(ContainerId.Create(), "web", "i", "sha256:", DateTimeOffset.UnixEpoch, false, [], null, null);
        var request = new RunRequest { Image = "i" };

        Assert.Equal(["web"], EndpointTexts.Names(row, request, new("own")));
        Assert.Equal(["web", "a", "b", "box"], EndpointTexts.Names(row, request with { Hostname = "box" }, new("own") { Aliases = ["a", "b"] }));
    }

    [Fact]
    public void What_became_of_it_is_written_down()
    {
        var endpoint = new Endpoint(Own.Plan, "tv1", "eth0", MacAddress.For([10, 1, 0, 9]), [IPAddress.Parse("10.1.0.9")]) { IsDefaultRoute = true };

        LiveEndpoint live = EndpointTexts.Describe(Own, endpoint, new("own") { Aliases = ["a"] });

        Assert.Equal((Own.Id, "own", "bridge", "tv1", "eth0", true), (live.Network, live.Name, live.Driver, live.Device, live.Inside, live.IsDefaultRoute));
        Assert.Equal(new LiveAddress("10.1.0.9", 24, "10.1.0.1"), Assert.Single(live.Addresses));
        Assert.Equal(["a"], live.Aliases);
        Assert.Equal(64, live.Id.Length);
        Assert.Equal(endpoint.Mac.ToString(), live.Mac);
        Assert.Equal(endpoint.Addresses, live.ToEndpoint(Own.Plan).Addresses);
    }

    private static void AssertRefused(string words, NetworkRow row, NetworkAttachment attachment)
    {
        TareException refused = Assert.Throws<TareException>(() => EndpointTexts.RefuseForeign(row, row.Plan, attachment));
        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    private static NetworkRow Row(string name, string subnet, string gateway) =>
        new(new('a', 64), name, DateTimeOffset.UnixEpoch, new("bridge", "br-a") { Subnets = [new(subnet, gateway)] });
}
