// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Engine.Containers;
using Tare.Engine.Networks;

namespace Tare.Cli.Tests.Commands;

public class NetworkFlagsTests
{
    [Fact]
    public void Flags_of_one_endpoint_belong_to_the_first_network()
    {
        RunRequest request = Parse("--network app --network name=back,alias=a,alias=b,ip=10.0.0.2,gw-priority=7 --ip 10.1.0.2 --mac-address 92:d0:c6:0a:29:33 --network-alias www busybox");

        Assert.Equal("app", request.Network);
        Assert.Equal([("app", "10.1.0.2"), ("back", "10.0.0.2")], request.Networks.Select(each => (each.Network, each.Ip!)));
        Assert.Equal("92:d0:c6:0a:29:33", request.Networks[0].Mac);
        Assert.Equal(["www"], request.Networks[0].Aliases);
        Assert.Equal((7, "a b"), (request.Networks[1].GatewayPriority, string.Join(' ', request.Networks[1].Aliases)));
    }

    [Fact]
    public void Without_a_network_they_belong_to_the_default_one()
    {
        NetworkAttachment attachment = Assert.Single(Parse("--mac-address 92:d0:c6:0a:29:33 busybox").Networks);

        Assert.Equal(("bridge", "92:d0:c6:0a:29:33"), (attachment.Network, attachment.Mac));
        Assert.Empty(Parse("busybox").Networks);
    }

    [Fact]
    public void Ports_hosts_and_resolvers()
    {
        RunRequest request = Parse("-p 8080:80 -p 81-82 --expose 90/udp -P --dns 192.0.2.1 --dns-opt ndots:1 --dns-search a.b --add-host x:192.0.2.2 --add-host y=host-gateway --add-host z:[::1] --link a:b --domainname c.d busybox");

        Assert.Equal([(80, 8080), (81, 0), (82, 0)], request.Ports.Select(port => (port.TargetPort, port.HostPort)));
        Assert.Equal((true, "90/udp", "192.0.2.1", "ndots:1", "a.b", "a:b", "c.d"),
            (request.PublishAll, request.Exposed[0], request.Dns[0], request.DnsOptions[0], request.DnsSearch[0], request.Links[0], request.Domainname));
        Assert.Equal(["x:192.0.2.2", "y:host-gateway", "z:::1"], request.ExtraHosts);
    }

    [Theory]
    [InlineData("--network app --network app busybox")]
    [InlineData("--network name=app,ip=10.0.0.1 --ip 10.0.0.2 busybox")]
    [InlineData("--network alias=a busybox")]
    [InlineData("--network name=app,colour=red busybox")]
    [InlineData("--network name=app,gw-priority=x busybox")]
    [InlineData("--network name=app,ip=010.0.0.1 busybox")]
    [InlineData("--mac-address nonsense busybox")]
    [InlineData("--dns 1.2.3 busybox")]
    [InlineData("--add-host nonsense busybox")]
    [InlineData("--add-host x:nonsense busybox")]
    [InlineData("--ip nonsense busybox")]
    public void What_makes_no_sense_is_refused_with_125(string line) =>
        Assert.Equal(125, Assert.Throws<UsageException>(() => Parse(line)).ExitCode);

    private static RunRequest Parse(string line) =>
        RunFlags.ToRequest(new ArgumentParser(RunFlags.All, stopsAtOperand: true).Parse(line.Split(' ')));
}
