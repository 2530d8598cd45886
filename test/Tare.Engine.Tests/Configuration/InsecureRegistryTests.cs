// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Configuration;

namespace Tare.Engine.Tests.Configuration;

public sealed class InsecureRegistryTests
{
    [Theory]
    [InlineData("registry.example", "registry.example", "192.0.2.1", true)]
    [InlineData("registry.example", "Registry.Example", "192.0.2.1", true)]
    [InlineData("registry.example", "registry.example:5000", "192.0.2.1", false)]
    [InlineData("registry.example:5000", "registry.example:5000", "192.0.2.1", true)]
    [InlineData("registry.example", "evil.registry.example", "192.0.2.1", false)]
    [InlineData("10.0.0.0/8", "registry.example", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "registry.example", "11.1.2.3", false)]
    [InlineData("fd00::/8", "registry.example", "fd00::1", true)]
    public void An_entry_is_about_a_host_or_the_addresses_of_a_network(string entry, string registry, string address, bool covers)
    {
        Assert.Null(InsecureRegistry.TryRead(entry, out InsecureRegistry? read));

        Assert.Equal(covers, read!.Covers(registry, [IPAddress.Parse(address)]));
    }

    [Fact]
    public void A_host_whose_addresses_nobody_knows_is_in_no_network() =>
        Assert.DoesNotContain(EngineConfiguration.Default.InsecureRegistries, each => each.Covers("localhost", []));

    [Fact]
    public void The_loopback_networks_are_always_there() => Assert.All(
        [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("127.1.2.3")],
        address => Assert.Contains(EngineConfiguration.Default.InsecureRegistries, each => each.Covers("localhost:5000", [address])));
}
