// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

public class ProxyChoiceTests
{
    [Theory]
    [InlineData("http://r.example/", "http://plain.proxy:3128/")]
    [InlineData("https://r.example/", "https://secure.proxy/")]
    [InlineData("https://localhost:5000/", null)]
    [InlineData("http://127.0.0.3/", null)]
    [InlineData("http://[::1]:5000/", null)]
    [InlineData("https://inside.example/", null)]
    [InlineData("https://deep.inside.example:5000/", null)]
    [InlineData("https://notinside.example/", "https://secure.proxy/")]
    [InlineData("https://dotted.example/", "https://secure.proxy/")]
    [InlineData("https://sub.dotted.example/", null)]
    [InlineData("https://star.example/", "https://secure.proxy/")]
    [InlineData("https://sub.star.example/", null)]
    [InlineData("https://port.example:5000/", null)]
    [InlineData("https://port.example/", "https://secure.proxy/")]
    [InlineData("http://10.1.2.3/", null)]
    [InlineData("http://10.2.2.3/", "http://plain.proxy:3128/")]
    [InlineData("http://192.0.2.7/", null)]
    [InlineData("http://[2001:db8::1]/", null)]
    public void Requests_go_by_the_rules_of_Go(string request, string? proxy)
    {
        var choice = new ProxyChoice(
            "plain.proxy:3128", "https://secure.proxy", "inside.example, .dotted.example,*.star.example,port.example:5000,10.1.0.0/16,192.0.2.7,2001:db8::/32");

        Assert.Equal(proxy, choice.GetProxy(new Uri(request))?.ToString());
        Assert.Equal(proxy is null, choice.IsBypassed(new Uri(request)));
    }

    [Fact]
    public void A_star_is_everybody_and_nothing_is_no_proxy()
    {
        Assert.Null(new ProxyChoice("http://p", "http://p", "*").GetProxy(new Uri("https://r.example/")));
        Assert.False(new ProxyChoice("", null, null).IsAny);
        Assert.Null(new ProxyChoice("http://p", null, null).GetProxy(new Uri("https://r.example/")));
    }

    [Theory]
    [InlineData("ftp://p")]
    [InlineData("http://")]
    [InlineData("s3cret p")]
    public void What_is_no_proxy_is_refused_without_a_word_of_it(string text)
    {
        TareException e = Assert.Throws<TareException>(() => new ProxyChoice(text, null, null));

        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
    }
}
