// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Configuration;

namespace Tare.Engine.Tests.Configuration;

public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/8")]
    [InlineData("172.16.0.0/12")]
    [InlineData("192.168.1.128/25")]
    [InlineData("192.168.1.1/32")]
    [InlineData("::/0")]
    [InlineData("fd00::/8")]
    [InlineData("2001:db8::/33")]
    [InlineData("fd00::1/128")]
    public void Networks_are_read(string text)
    {
        Assert.Null(NetworkText.TryRead(text, out IPNetwork network));
        Assert.Equal(text, network.ToString());
    }

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("172.31.0.0/12", "172.16.0.0/12")]
    [InlineData("1.2.3.4/0", "0.0.0.0/0")]
    [InlineData("2001:db8:8000::/32", "2001:db8::/32")]
    [InlineData("fd00::1/127", "fd00::/127")]
    public void Host_bits_are_refused_with_the_network_that_was_meant(string text, string network) =>
        Assert.Equal($"{text} has host bits set, the network is {network}", NetworkText.TryRead(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/8")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10/8")]
    [InlineData("10.0/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0xa.0.0.0/8")]
    [InlineData("167772160/8")]
    [InlineData("[fd00::]/8")]
    [InlineData("fe80::%1/64")]
    [InlineData("fd00::/129")]
    [InlineData("host/8")]
    [InlineData("10.0.0.0\0/8")]
    public void What_others_could_read_in_another_way_is_no_network(string text) =>
        Assert.StartsWith("want a network such as 10.0.0.0/8", NetworkText.TryRead(text, out _), StringComparison.Ordinal);
}
