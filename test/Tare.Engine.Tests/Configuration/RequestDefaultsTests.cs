// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Containers;

namespace Tare.Engine.Tests.Configuration;

public sealed class RequestDefaultsTests
{
    private static readonly EngineConfiguration Configured = new()
    {
        DefaultShmSize = 1 << 20,
        Init = true,
        HostUsers = true,
        CgroupParent = "/tenants",
        DefaultUlimits = [new("nofile", 10, 20), new("core", 0, 0)],
    };

    private static readonly RunRequest Silent = new() { Image = "busybox" };

    [Fact]
    public void A_request_that_says_nothing_gets_what_the_machine_has()
    {
        RunRequest complete = Configured.Complete(Silent);

        Assert.Equal(1 << 20, complete.ShmSize);
        Assert.True(complete.Init);
        Assert.Equal("host", complete.UserNamespace);
        Assert.Equal("/tenants", complete.CgroupParent);
        Assert.Equal("/tenants", Configured.Complete(Silent with { CgroupParent = "" }).CgroupParent);
        Assert.Equal(Configured.DefaultUlimits, complete.Ulimits);
    }

    [Fact]
    public void What_was_asked_for_wins()
    {
        RunRequest complete =
            Configured.Complete(Silent with { ShmSize = 2 << 20, Init = false, UserNamespace = "private", CgroupParent = "a", Ulimits = [new("core", 5, 5)] });

        Assert.Equal(2 << 20, complete.ShmSize);
        Assert.False(complete.Init);
        Assert.Equal("private", complete.UserNamespace);
        Assert.Equal("a", complete.CgroupParent);
        Assert.Equal([new("core", 5, 5), new UlimitRequest("nofile", 10, 20)], complete.Ulimits);
    }

    [Fact]
    public void Without_a_configuration_the_defaults_are_dockers()
    {
        RunRequest complete = EngineConfiguration.Default.Complete(Silent);

        Assert.Equal(64 << 20, complete.ShmSize);
        Assert.NotEqual(true, complete.Init);
        Assert.Null(complete.UserNamespace);
        Assert.Null(complete.CgroupParent);
        Assert.Empty(complete.Ulimits);
    }
}
