// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Networks;

namespace Tare.Engine.Tests.Networks;

public sealed class ResolverFileTests
{
    private const string Host = "# made by hand\nnameserver 192.0.2.1\nnameserver\t127.0.0.53\nnameserver fe80::1%eth0\nnameserver nonsense\nsearch old.example\nsearch a.example b.example\noptions edns0\n";

    [Fact]
    public void Without_a_server_of_its_own_the_hosts_that_it_can_reach_are_named()
    {
        ResolverFile file = ResolverFile.Compose(Host, [], [], [], null);

        Assert.Equal("nameserver 192.0.2.1\nnameserver fe80::1\nsearch a.example b.example\noptions edns0\n", file.Text);
    }

    [Fact]
    public void With_one_only_that_is_named_and_it_asks_the_others()
    {
        ResolverFile file = ResolverFile.Compose(Host, [], [], [], IPAddress.Parse("127.0.0.11"));

        Assert.Equal("nameserver 127.0.0.11\nsearch a.example b.example\noptions edns0 ndots:0\n", file.Text);
        Assert.Equal(["192.0.2.1", "127.0.0.53", "fe80::1"], file.Upstreams.Select(each => each.ToString()));
    }

    [Fact]
    public void What_was_asked_for_takes_the_place_of_the_hosts()
    {
        ResolverFile file = ResolverFile.Compose(Host, ["198.51.100.1"], ["corp.example"], ["ndots:4"], IPAddress.Parse("127.0.0.11"));

        Assert.Equal("nameserver 127.0.0.11\nsearch corp.example\noptions ndots:4\n", file.Text);
        Assert.Equal("198.51.100.1", Assert.Single(file.Upstreams).ToString());
        Assert.DoesNotContain("search", ResolverFile.Compose(Host, [], ["."], [], null).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("nameserver 127.0.0.53\nnameserver ::1\n", true)]
    [InlineData("nameserver 127.0.0.53\nnameserver 192.0.2.1\n", false)]
    public void Servers_that_only_the_host_reaches(string host, bool expected) => Assert.Equal(expected, ResolverFile.HasOnlyLoopback(host));
}
