// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("// nothing yet")]
    [InlineData("/* nothing\nyet */\n// at all\n")]
    [InlineData("{}")]
    [InlineData("{ /* nothing */ }")]
    [InlineData("\uFEFF{}")]
    public void A_file_that_says_nothing_leaves_every_default(string text)
    {
        EngineConfiguration read = Read(text);

        Assert.Equal(EngineConfiguration.Default with { File = "test" }, read);
        Assert.Equal(new LogConfiguration(true, 20_000_000, 5), read.Log);
        Assert.Equal(64 << 20, read.DefaultShmSize);
        Assert.Equal(PortsMode.Nat, read.PortsMode);
        Assert.Equal(["::1/128", "127.0.0.0/8"], read.InsecureRegistries.Select(each => each.ToString()));
        Assert.Empty(read.Mirrors);
        Assert.Empty(read.AddressPools);
        Assert.Empty(read.DefaultUlimits);
        Assert.False(read.Init || read.Debug || read.HostUsers);
    }

    [Theory]
    [InlineData("private", false)]
    [InlineData("host", true)]
    public void Containers_can_be_left_in_the_hosts_user_namespace(string mode, bool isHosts) =>
        Assert.Equal(isHosts, Read($$"""{"userns-mode": "{{mode}}"}""").HostUsers);

    [Fact]
    public void Comments_and_last_commas_may_stand_anywhere()
    {
        EngineConfiguration read = Read(
            """
            // first
            { /* a */ "init" /* b */ : /* c */ true /* d */ , // e
              "insecure-registries": [ "a.example" /* f */ , /* "g" */ ], // "h
              "data-root" /**/:/***/"/a//b/*c*/ \" // d",
              "log-opts": { "max-file": "3" , // i
              }, /* j */
            } // k
            /* last */
            """);

        Assert.True(read.Init);
        Assert.Equal("/a/b/*c*/ \" // d".Replace("//", "/", StringComparison.Ordinal), read.DataRoot);
        Assert.Equal("a.example", read.InsecureRegistries[^1].Host);
        Assert.Equal(3, read.Log.MaxFiles);
    }

    [Theory]
    [InlineData("/srv/tare", "/srv/tare")]
    [InlineData("/srv/tare//", "/srv/tare")]
    [InlineData("/srv/x/../tare/.", "/srv/tare")]
    [InlineData("/srv/täre \\u00e9", "/srv/täre é")]
    public void Folders_are_made_plain(string text, string path)
    {
        Assert.Equal(path, Read($$"""{"data-root": "{{text}}"}""").DataRoot);
        Assert.Equal(path, Read($$"""{"exec-root": "{{text}}"}""").ExecRoot);
    }

    [Theory]
    [InlineData("""{"log-driver": "none"}""", false, 20_000_000L, 5)]
    [InlineData("""{"log-driver": "json-file"}""", true, 20_000_000L, 5)]
    [InlineData("""{"log-opts": {"max-size": "10m"}}""", true, 10_000_000L, 5)]
    [InlineData("""{"log-opts": {"max-size": "-1", "max-file": "1"}}""", true, 0L, 1)]
    [InlineData("""{"log-opts": {"max-file": "1000", "max-size": "4KiB"}, "log-driver": "none"}""", false, 4096L, 1000)]
    public void Logs_have_a_driver_and_limits_in_any_order(string text, bool enabled, long bytes, int files) =>
        Assert.Equal(new LogConfiguration(enabled, bytes, files), Read(text).Log);

    [Fact]
    public void Ulimits_have_dockers_form()
    {
        EngineConfiguration read = Read(
            """
            {"default-ulimits": {
                "nofile": {"Name": "nofile", "Soft": 1024, "Hard": 65536},
                "core": {"Soft": 0},
                "memlock": {"Hard": -1},
                "nproc": {"Hard": -1, "Soft": 9223372036854775807},
            }}
            """);

        Assert.Equal(
            [new("nofile", 1024, 65536), new("core", 0, 0), new("memlock", -1, -1), new UlimitRequest("nproc", long.MaxValue, -1)],
            read.DefaultUlimits);
    }

    [Fact]
    public void Address_pools_are_of_both_families()
    {
        EngineConfiguration read = Read(
            """
            {"default-address-pools": [
                {"base": "10.0.0.0/8", "size": 24}, {"size": 30, "base": "172.16.0.0/30"}, {"base": "FD00::/8", "size": 126},
            ]}
            """);

        Assert.Equal(
            [
                new(IPNetwork.Parse("10.0.0.0/8"), 24),
                new(IPNetwork.Parse("172.16.0.0/30"), 30),
                new SubnetPool(IPNetwork.Parse("fd00::/8"), 126),
            ],
            read.AddressPools);
    }

    [Fact]
    public void Mirrors_belong_to_registries_and_the_short_form_to_docker_io()
    {
        EngineConfiguration read = Read(
            """
            {
                "registry-mirrors": ["https://mirror.example", "http://10.0.0.1:5000/"],
                "mirrors": { "Registry.example:5000": ["https://[fd00::1]:443"], "quay.io": [] },
            }
            """);

        Assert.Equal(["https://mirror.example/", "http://10.0.0.1:5000/"], read.Mirrors["docker.io"].Select(each => each.ToString()));
        Assert.Equal(new Uri("https://[fd00::1]/"), Assert.Single(read.Mirrors["registry.example:5000"]));
        Assert.Empty(read.Mirrors["quay.io"]);
        Assert.Equal(3, read.Mirrors.Count);
    }

    [Fact]
    public void Docker_io_has_a_second_name() =>
        Assert.Single(Read("""{"mirrors": {"index.docker.io": ["https://m.example"]}}""").Mirrors["docker.io"]);

    [Fact]
    public void Certificates_belong_to_registries()
    {
        EngineConfiguration read = Read(
            """{"registry-certificates": {"R.example:5000": {"ca": "/a/ca.pem"}, "s.example": {"cert": "/c.pem", "key": "/k.pem"}}}""");

        Assert.Equal(new CertificateFiles("/a/ca.pem", null, null), read.Certificates["r.example:5000"]);
        Assert.Equal(new CertificateFiles(null, "/c.pem", "/k.pem"), read.Certificates["s.example"]);
    }

    [Fact]
    public void Proxies_are_those_of_docker() => Assert.Equal(
        new ProxyTexts("p:3128", "", ".example,10.0.0.0/8"),
        Read("""{"proxies": {"http-proxy": "p:3128", "https-proxy": "", "no-proxy": ".example,10.0.0.0/8"}}""").Proxies);

    [Fact]
    public void Insecure_registries_come_after_the_loopback_networks() => Assert.Equal(
        ["::1/128", "127.0.0.0/8", "registry.example", "registry.example:5000", "[fd00::1]:5000", "10.0.0.0/8", "fd00::/8"],
        Read(
            """
            {"insecure-registries":
                ["registry.example", "registry.example:5000", "[fd00::1]:5000", "10.0.0.0/8", "fd00::/8"]}
            """).InsecureRegistries.Select(each => each.ToString()));

    [Theory]
    [InlineData("nat", 0)]
    [InlineData("firewall", 1)]
    public void Ports_have_two_modes(string text, int mode) =>
        Assert.Equal((PortsMode)mode, Read($$"""{"ports-mode": "{{text}}"}""").PortsMode);

    [Theory]
    [InlineData("\"128m\"", 128 << 20)]
    [InlineData("\"64 MiB\"", 64 << 20)]
    [InlineData("\"4.5k\"", 4608)]
    [InlineData("4096", 4096)]
    [InlineData("\"1p\"", 1L << 50)]
    [InlineData("1125899906842624", 1L << 50)]
    public void Shared_memory_is_a_size_or_a_number(string value, long bytes) =>
        Assert.Equal(bytes, Read($$"""{"default-shm-size": {{value}}}""").DefaultShmSize);

    [Theory]
    [InlineData("/tenants/a", "/tenants/a")]
    [InlineData("user.slice", "user.slice")]
    [InlineData("", null)]
    public void The_parent_of_cgroups_is_a_path(string text, string? parent) =>
        Assert.Equal(parent, Read($$"""{"cgroup-parent": "{{text}}"}""").CgroupParent);

    [Fact]
    public void What_git_may_take_is_a_size_and_two_durations()
    {
        GitConfiguration all = Read("""{"git-limits": {"max-size": "1m", "max-time": "90s", "max-silence": "1h30m"}}""").Git;
        GitConfiguration one = Read("""{"git-limits": {"max-time": "1s"}}""").Git;

        Assert.Equal((1L << 20, TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(90)), (all.MaxSize, all.MaxTime, all.MaxSilence));
        Assert.Equal((16L << 30, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), (one.MaxSize, one.MaxTime, one.MaxSilence));
    }

    [Theory]
    [InlineData("""{"git-limits": {"max-size": 1000}}""")]
    [InlineData("""{"git-limits": {"max-time": "0s"}}""")]
    [InlineData("""{"git-limits": {"max-time": "169h"}}""")]
    [InlineData("""{"git-limits": {"max-silence": "soon"}}""")]
    [InlineData("""{"git-limits": {"max-silence": "999999999999h"}}""")]
    [InlineData("""{"git-limits": {"max-speed": "1s"}}""")]
    public void What_git_may_take_has_bounds(string text) => Assert.Throws<TareException>(() => Read(text));

    [Fact]
    public void Switches_are_true_or_false()
    {
        EngineConfiguration read = Read("""{"init": true, "debug": false}""");

        Assert.True(read.Init);
        Assert.False(read.Debug);
        Assert.True(Read("""{"debug": true}""").Debug);
    }

    [Fact]
    public void A_key_may_be_written_with_escapes() => Assert.True(Read("""{"\u0069nit": true}""").Init);

    private static EngineConfiguration Read(string text) => ConfigurationReader.Read(Encoding.UTF8.GetBytes(text), "test");
}
