// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Linux.Sockets;

namespace Tare.Linux.Tests.Sockets;

public class InetAddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("172.18.0.2")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fd00::2")]
    [InlineData("2001:db8:0:1:2:3:4:5")]
    public void Text_is_read_and_written(string text)
    {
        Assert.True(InetAddress.TryParse(Encoding.ASCII.GetBytes(text), out InetAddress address));
        Assert.Equal(text, address.Format());
        Assert.Equal(InetAddress.Of(IPAddress.Parse(text)), address);
        byte[] bytes = new byte[address.Length];
        address.Write(bytes);
        Assert.Equal(IPAddress.Parse(text).GetAddressBytes(), bytes);
        Assert.Equal(address, InetAddress.Read(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1::")]
    [InlineData("web")]
    public void Other_text_is_none(string text) => Assert.False(InetAddress.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("127.0.0.5", true, false)]
    [InlineData("128.0.0.1", false, false)]
    [InlineData("::1", true, false)]
    [InlineData("fe80::1", false, true)]
    [InlineData("febf::1", false, true)]
    [InlineData("fec0::1", false, false)]
    public void Special_addresses_are_known(string text, bool isLoopback, bool isLinkLocal)
    {
        InetAddress address = InetAddress.Of(IPAddress.Parse(text));

        Assert.Equal((isLoopback, isLinkLocal), (address.IsLoopback, address.IsLinkLocal));
    }

    [Fact]
    public void A_mapped_address_is_one_of_ipv4()
    {
        Assert.Equal("1.2.3.4", InetAddress.Of(IPAddress.Parse("::ffff:1.2.3.4")).Unmapped.Format());
        Assert.Equal("::1.2.3.4", InetAddress.Of(IPAddress.Parse("::1.2.3.4")).Unmapped.Format());
        Assert.Equal("1.2.3.4:5", new InetEnd(InetAddress.Of(IPAddress.Parse("::ffff:1.2.3.4")), 5, 3).Unmapped.ToString());
    }

    [Theory]
    [InlineData("172.18.0.0", 16, "172.18.255.255", true)]
    [InlineData("172.18.0.0", 16, "172.19.0.0", false)]
    [InlineData("172.18.0.9", 32, "172.18.0.9", true)]
    [InlineData("172.18.0.9", 32, "172.18.0.8", false)]
    [InlineData("0.0.0.0", 0, "9.9.9.9", true)]
    [InlineData("0.0.0.0", 0, "::1", false)]
    [InlineData("fd00::", 64, "fd00::ffff:1:2:3", true)]
    [InlineData("fd00::", 64, "fd00:0:0:1::", false)]
    [InlineData("::", 0, "fd00::1", true)]
    public void Networks_contain_what_begins_alike(string network, int prefix, string address, bool contains) => Assert.Equal(
        contains, new InetNetwork(InetAddress.Of(IPAddress.Parse(network)), prefix).Contains(InetAddress.Of(IPAddress.Parse(address))));
}
