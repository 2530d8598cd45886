// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class NetworkOptionsTests
{
    [Theory]
    [InlineData(NetworkOptions.Mtu, "1400")]
    [InlineData(NetworkOptions.Icc, "false")]
    [InlineData(NetworkOptions.HostBinding, "127.0.0.1")]
    [InlineData("com.example.other", "whatever")]
    public void What_an_option_takes_is_taken(string name, string value) => NetworkOptions.Check(NetworkPlan.Bridge, new Dictionary<string, string> { [name] = value });

    [Theory]
    [InlineData(NetworkOptions.Mtu, "67", ErrorKind.InvalidArgument)]
    [InlineData(NetworkOptions.Mtu, "9e3", ErrorKind.InvalidArgument)]
    [InlineData(NetworkOptions.Icc, "maybe", ErrorKind.InvalidArgument)]
    [InlineData(NetworkOptions.HostBinding, "here", ErrorKind.InvalidArgument)]
    [InlineData(NetworkOptions.IpvlanMode, "l4", ErrorKind.InvalidArgument)]
    [InlineData("com.docker.network.bridge.gateway_mode_ipv4", "routed", ErrorKind.NotSupported)]
    public void What_it_does_not_take_is_refused_by_name(string name, string value, object kind)
    {
        TareException refused = Assert.Throws<TareException>(() => NetworkOptions.Check(NetworkPlan.Bridge, new Dictionary<string, string> { [name] = value }));

        Assert.Equal(kind, refused.Kind);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wire_needs_a_device() => Assert.Throws<TareException>(() => NetworkOptions.Check(NetworkPlan.Macvlan, new Dictionary<string, string>()));
}
