// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Images.Remote;

namespace Tare.Images.Tests.Remote;

public class ChallengeTests
{
    [Theory]
    [InlineData("Basic realm=\"a\"", "Basic[realm=a]")]
    [InlineData("Bearer realm=\"https://x/t\",service=\"s\",scope=\"repository:a:pull,push\"", "Bearer[realm=https://x/t;service=s;scope=repository:a:pull,push]")]
    [InlineData("Basic realm=a, Bearer realm=b , service = c", "Basic[realm=a] Bearer[realm=b;service=c]")]
    [InlineData("Negotiate, Basic realm=\"q\\\"uo\\\\te\"", "Negotiate[] Basic[realm=q\"uo\\te]")]
    [InlineData(",, Basic realm=x,,", "Basic[realm=x]")]
    [InlineData("Bearer realm=\"a\",realm=\"b\"", "")]
    [InlineData("Bearer realm=\"a", "")]
    [InlineData("Bearer realm=", "")]
    [InlineData("=", "")]
    [InlineData("", "")]
    public void A_header_is_read_as_RFC_9110_says(string header, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Challenge.Parse([header]).Select(static c =>
            $"{c.Scheme}[{string.Join(';', c.Parameters.Select(static p => $"{p.Key}={p.Value}"))}]")));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1%1", true)]
    [InlineData("1.1.1.1", false)]
    [InlineData("2606:4700::1111", false)]
    public void Private_networks_are_known(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateNetworks.Contain(IPAddress.Parse(address)));
}
