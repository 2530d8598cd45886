// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Images.Remote;

namespace Tare.Images.Tests.Remote;

public class RegistryHostTests
{
    [Theory]
    [InlineData(true, "10.0.0.1")]
    [InlineData(true, "10.0.0.1", "127.0.0.1")]
    [InlineData(false, "10.0.0.1", "1.1.1.1")]
    [InlineData(false)]
    public void A_name_that_also_leads_outside_is_not_one_of_ours(bool isPrivate, params string[] addresses) =>
        Assert.Equal(isPrivate, new RegistryHost("x", new Uri("https://x/"), false, Parse(addresses)).IsPrivate);

    [Theory]
    [InlineData(true, "127.0.0.1", "::1")]
    [InlineData(false, "127.0.0.1", "1.1.1.1")]
    [InlineData(false)]
    public void A_name_that_also_leads_outside_is_not_spoken_to_without_TLS(bool isInsecure, params string[] addresses) =>
        Assert.Equal(isInsecure, RegistryHost.IsInsecureAt("x", Parse(addresses), RegistryOptions.Default));

    private static IPAddress[] Parse(string[] addresses) => [.. addresses.Select(IPAddress.Parse)];
}
