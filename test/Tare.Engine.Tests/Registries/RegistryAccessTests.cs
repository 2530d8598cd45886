// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Registries;
using Tare.Images.Remote;

namespace Tare.Engine.Tests.Registries;

public sealed class RegistryAccessTests
{
    [Theory]
    [InlineData("HTTPS_PROXY=http://big", "http://big/")]
    [InlineData("https_proxy=http://small", "http://small/")]
    [InlineData("HTTP_PROXY=http://big", null)]
    [InlineData("HTTPS_PROXY=", null)]
    [InlineData("", null)]
    public void Proxies_come_from_the_environment(string variable, string? proxy) =>
        Assert.Equal(proxy, ProxyOf(EngineConfiguration.Default, variable)?.ToString());

    [Theory]
    [InlineData("http://ours", null, "http://ours/")]
    [InlineData("", null, null)]
    [InlineData(null, "r.example", null)]
    [InlineData(null, "other.example", "http://environments/")]
    public void What_the_configuration_says_goes_before_it(string? https, string? direct, string? proxy)
    {
        EngineConfiguration configuration = EngineConfiguration.Default with { Proxies = new ProxyTexts(null, https, direct) };

        Assert.Equal(proxy, ProxyOf(configuration, "HTTPS_PROXY=http://environments")?.ToString());
    }

    [Fact]
    public void A_user_without_a_home_is_nobody_at_any_registry() =>
        Assert.Null(RegistryAccess.Of(new RegistryUser(EngineConfiguration.Default, null, [])).Credentials("r.example"));

    private static Uri? ProxyOf(EngineConfiguration configuration, string variable)
    {
        RegistryOptions options = RegistryAccess.Of(new RegistryUser(configuration, null, [variable]));
        return options.Proxy!.GetProxy(new Uri("https://r.example/v2/"));
    }
}
