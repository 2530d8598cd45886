// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network.Tests;

/// <summary>What others do to the packet filter is heard and made good.</summary>
[Trait("ring", "kernel")]
public class FilterNewsTests
{
    private const string Store = "0a1b2c3d";
    private static readonly Endpoint Place = new(
        new("n", "app", "bridge", "br0") { Subnets = [new(IPNetwork.Parse("10.9.0.0/24"), IPAddress.Parse("10.9.0.1"))] },
        "tv0a1b2c3dxx",
        "eth0",
        MacAddress.For([10, 9, 0, 2]),
        [IPAddress.Parse("10.9.0.2")]);

    private static readonly PublishedPort Port = new("tcp", IPAddress.Any, 8080, IPAddress.Parse("10.9.0.2"), 80);

    [Theory]
    [InlineData("flush ruleset", true)]
    [InlineData("delete table inet tare-0a1b2c3d", true)]
    [InlineData("delete table bridge tare-0a1b2c3d", true)]
    [InlineData("flush table inet tare-0a1b2c3d", true)]
    [InlineData("flush chain inet tare-0a1b2c3d forward", true)]
    [InlineData("delete element inet tare-0a1b2c3d bridges { \"br0\" }", true)]
    [InlineData("add chain ip other forward { type filter hook forward priority 0; policy drop; }", true)]
    [InlineData("add chain ip other DOCKER-USER", true)]
    [InlineData("add chain ip other input { type filter hook input priority 0; policy drop; }", false)]
    [InlineData("add chain ip other forward { type filter hook forward priority 0; }", false)]
    [InlineData("delete table ip other", false)]
    [InlineData("add element inet tare-0a1b2c3d bridges { \"br1\" }", false)]
    public void What_takes_something_away_is_told_from_what_does_not(string change, bool isLoss) => OwnNetwork.Run(() =>
    {
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        Fill(filter);
        OwnNetwork.Shell("nft add table ip other");
        using NetworkNews heard = NetworkNews.OfFilter();
        var news = new FilterNews(Encoding.ASCII.GetBytes($"tare-{Store}"), "tare"u8.ToArray());
        Assert.False(Hear(heard, news));

        OwnNetwork.Shell($"nft '{change}'");

        Assert.Equal(isLoss, Hear(heard, news));
        Assert.False(Hear(heard, news));
    });

    [Fact]
    public void A_rule_with_our_comment_in_a_foreign_chain_is_missed_and_what_we_do_ourselves_is_not() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Shell("nft 'add table ip other; add chain ip other forward { type filter hook forward priority 0; policy drop; }'");
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        new ForeignFirewalls(Store).Open(filter, "br0");
        Fill(filter);
        using NetworkNews heard = NetworkNews.OfFilter();
        byte[] own = Encoding.ASCII.GetBytes(File.ReadAllText("/proc/thread-self/comm").Trim());
        var news = new FilterNews(Encoding.ASCII.GetBytes($"tare-{Store}"), own);
        new StoreFirewall(Store).Remove(filter);
        Assert.False(Hear(heard, news));

        OwnNetwork.Shell("nft flush chain ip other forward");

        Assert.True(Hear(heard, news));
        new ForeignFirewalls(Store).Open(filter, "br0", "br1");
        new ForeignFirewalls(Store).Open(filter, "br0", "br1");
        Assert.Equal(4, OwnNetwork.Shell("nft list chain ip other forward").Split("tare-").Length - 1);
    });

    [Theory]
    [InlineData("flush ruleset")]
    [InlineData("flush table inet tare-0a1b2c3d")]
    [InlineData("flush chain bridge tare-0a1b2c3d sources")]
    [InlineData("flush set inet tare-0a1b2c3d bridges")]
    public void What_was_flushed_is_made_as_it_was(string change) => OwnNetwork.Run(() =>
    {
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        Fill(filter);
        string whole = OwnNetwork.Shell("nft list ruleset");

        OwnNetwork.Shell($"nft '{change}'");
        Assert.NotEqual(whole, OwnNetwork.Shell("nft list ruleset"));
        Fill(filter);

        Assert.Equal(Sorted(whole), Sorted(OwnNetwork.Shell("nft list ruleset")));
    });

    [Fact]
    public void A_table_that_is_whole_keeps_what_stands_in_it() => OwnNetwork.Run(() =>
    {
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        Fill(filter);
        string whole = OwnNetwork.Shell("nft -a list ruleset");

        new StoreFirewall(Store).Renew(filter);

        Assert.Equal(whole, OwnNetwork.Shell("nft -a list ruleset"));
    });

    [Fact]
    public void A_bridge_that_goes_is_heard_and_other_devices_wake_nobody() => OwnNetwork.Run(() =>
    {
        using NetworkNews heard = NetworkNews.OfLostDevices();
        byte[] buffer = new byte[8192];

        OwnNetwork.Shell("ip link add br0 type bridge; ip link add tva type veth peer name tvb; ip link set tva master br0; ip link set tva up");
        Assert.False(heard.TryTake(buffer, out _));
        OwnNetwork.Shell("ip link del tva");
        while (heard.TryTake(buffer, out int bytes))
        {
            Assert.False(DeviceNews.LostBridge(buffer.AsSpan(0, bytes)));
        }

        OwnNetwork.Shell("ip link del br0");

        bool isLost = false;
        while (heard.TryTake(buffer, out int bytes))
        {
            isLost |= DeviceNews.LostBridge(buffer.AsSpan(0, bytes));
        }

        Assert.True(isLost);
    });

    [Fact]
    public void Damaged_messages_are_passed_over()
    {
        var news = new FilterNews("tare-x"u8.ToArray(), "tare"u8.ToArray());
        var random = new Random(7);
        byte[] bytes = new byte[256];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(64);
            (bytes[1], bytes[2], bytes[3], bytes[5]) = (0, 0, 0, 10);
            news.Take(bytes.AsSpan(0, random.Next(bytes.Length)));
            DeviceNews.LostBridge(bytes.AsSpan(0, random.Next(bytes.Length)));
        }
    }

    private static void Fill(NetlinkSocket filter)
    {
        var firewall = new StoreFirewall(Store);
        firewall.Renew(filter);
        firewall.Add(filter, Place.Plan);
        firewall.Add(filter, [Place], [Port]);
    }

    private static bool Hear(NetworkNews heard, FilterNews news)
    {
        bool isLost = false;
        byte[] buffer = new byte[32768];
        while (heard.TryTake(buffer, out int bytes))
        {
            isLost |= news.Take(buffer.AsSpan(0, bytes));
        }

        return isLost;
    }

    private static string Sorted(string ruleset) => string.Join('\n', ruleset.Split('\n').Order(StringComparer.Ordinal));
}
