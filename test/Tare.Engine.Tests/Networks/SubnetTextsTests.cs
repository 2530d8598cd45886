// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Networks;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class SubnetTextsTests
{
    [Fact]
    public void Each_range_gateway_and_address_goes_to_the_subnet_that_holds_it()
    {
        IReadOnlyList<Subnet> subnets = Compose(new("n")
        {
            Subnets = ["fd01::/64", "10.1.0.0/16"],
            Ranges = ["10.1.4.0/24"],
            Gateways = ["fd01::f", "10.1.0.9"],
            Auxiliary = new Dictionary<string, string> { ["router"] = "10.1.4.4" },
        });

        Assert.Equal(["10.1.0.0/16 10.1.4.0/24 10.1.0.9 router", "fd01::/64  fd01::f "], subnets.Select(each => $"{each.Network} {each.Range} {each.Gateway} {string.Join(',', each.Reserved.Keys)}"));
    }

    [Theory]
    [InlineData("10.1.0.1/16", "", "")]
    [InlineData("10.1.0.0", "", "")]
    [InlineData("nonsense/8", "", "")]
    [InlineData("10.1.0.0/16", "10.2.0.0/24", "")]
    [InlineData("10.1.0.0/16", "", "10.2.0.1")]
    [InlineData("10.1.0.0/16", "", "nonsense")]
    public void What_belongs_nowhere_is_refused(string subnet, string range, string gateway) => Assert.Equal(
        ErrorKind.InvalidArgument,
        Assert.Throws<TareException>(() => Compose(new("n") { Subnets = [subnet], Ranges = range.Length == 0 ? [] : [range], Gateways = gateway.Length == 0 ? [] : [gateway] })).Kind);

    [Fact]
    public void Two_of_one_family_are_more_than_a_network_has() => Assert.Equal(
        ErrorKind.NotSupported, Assert.Throws<TareException>(() => Compose(new("n") { Subnets = ["10.1.0.0/16", "10.2.0.0/16"] })).Kind);

    private static IReadOnlyList<Subnet> Compose(NetworkRequest request) => SubnetTexts.Compose(SubnetTexts.Networks(request.Subnets, "subnet"), request);
}
