// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;
using static Tare.Linux.Netlink.Filter.FilterRule;

namespace Tare.Network;

/// <content>The rules, which never change.</content>
internal sealed partial class StoreFirewall
{
    private static bool IsWhole(NetlinkSocket socket, FilterFamily family, string table, FilterBatch made) =>
        made.Rules.All(chain => FilterChains.Rules(socket, new(family, table, chain.Key, null, false)).Count == chain.Value);

    private static FilterBatch FillInet(FilterBatch batch)
    {
        FilterType v4 = FilterType.Of(FilterType.IPv4, FilterType.Port);
        FilterType v6 = FilterType.Of(FilterType.IPv6, FilterType.Port);
        batch.Set(Bridges, FilterType.DeviceName)
            .Set(Internals, FilterType.DeviceName)
            .Set(Masked, FilterType.DeviceName)
            .Set(Same, FilterType.Of(FilterType.DeviceName, FilterType.DeviceName))
            .Set(SelvesV4, FilterType.Of(FilterType.IPv4, FilterType.IPv4))
            .Set(SelvesV6, FilterType.Of(FilterType.IPv6, FilterType.IPv6))
            .Set(PortsV4, FilterType.Of(FilterType.IPv4, FilterType.Protocol, FilterType.Port), v4)
            .Set(PortsV6, FilterType.Of(FilterType.IPv6, FilterType.Protocol, FilterType.Port), v6)
            .Set(AnyV4, FilterType.Of(FilterType.Protocol, FilterType.Port), v4)
            .Set(AnyV6, FilterType.Of(FilterType.Protocol, FilterType.Port), v6);
        AddRaw(batch);
        AddPublishing(batch);
        AddMasquerade(batch);
        AddForward(batch);
        return batch;
    }

    private FilterBatch FillBridges(FilterBatch batch) => AddAntiSpoof(batch
        .Set(Macs, FilterType.Of(FilterType.DeviceName, FilterType.Mac))
        .Set(AddressesV4, FilterType.Of(FilterType.DeviceName, FilterType.IPv4))
        .Set(AddressesV6, FilterType.Of(FilterType.DeviceName, FilterType.IPv6)));

    /// <summary>Bridges route addresses of the loopback network, so that ports published there lead somewhere; nobody may come by that way.</summary>
    private static void AddRaw(FilterBatch batch)
    {
        const int Source = 12;
        const int Target = 16;
        batch.Chain("raw", "filter", FilterHook.Prerouting, Raw);
        foreach (int offset in new[] { Source, Target })
        {
            batch.Rule("raw", new FilterRule().Meta(MetaKey.Family).Is([V4])
                .Payload(PacketPart.Network, offset, 1).Is([LoopbackNetwork]).Meta(MetaKey.InputName).In(Bridges).Drop());
        }
    }

    /// <summary>Only what is for the host itself is sent on: never what is on its way to somebody else.</summary>
    private static void AddPublishing(FilterBatch batch)
    {
        const int Target = 16;
        batch.Chain("arriving", "nat", FilterHook.Prerouting, Dnat).Chain("leaving", "nat", FilterHook.Output, Dnat);

        // whoever else lets packets for the loopback network come in: ours are for this host alone
        batch.Rule("arriving", new FilterRule().Meta(MetaKey.Family).Is([V4])
            .Payload(PacketPart.Network, Target, 1).Is([LoopbackNetwork]).Return());
        foreach (string chain in new[] { "arriving", "leaving" })
        {
            batch.Rule(chain, new FilterRule().ForHost(not: true).Return())
                .Rule(chain, SendOn(V4, PortsV4, named: true)).Rule(chain, SendOn(V4, AnyV4, named: false))
                .Rule(chain, SendOn(V6, PortsV6, named: true)).Rule(chain, SendOn(V6, AnyV6, named: false));
        }
    }

    private static FilterRule SendOn(byte family, string map, bool named)
    {
        const int PortOffset = 2;
        bool isV4 = family == V4;
        int words = isV4 ? 1 : 4;
        int protocol = named ? words : 0;
        FilterRule rule = new FilterRule().Meta(MetaKey.Family).Is([family]);
        rule = named ? rule.Payload(PacketPart.Network, isV4 ? 16 : 24, words * 4) : rule;
        return rule.Meta(MetaKey.Protocol, protocol).Payload(PacketPart.Transport, PortOffset, 2, protocol + 1)
            .Map(map).SendTo(family, 0, words);
    }

    private static void AddMasquerade(FilterBatch batch)
    {
        const int Source = 12;
        batch.Chain("routed", "nat", FilterHook.Postrouting, Snat)

            // the answer would otherwise not come back through the host; where bridges filter, that of another container does
            .Rule("routed", new FilterRule().Meta(MetaKey.Family).Is([V4]).Payload(PacketPart.Network, Source, 8).In(SelvesV4).Masquerade())
            .Rule("routed", new FilterRule().Meta(MetaKey.Family).Is([V6]).Payload(PacketPart.Network, 8, 32).In(SelvesV6).Masquerade())
            .Rule("routed", SameBridge().Connection(ConnectionKey.Status, WasSentOn).Masquerade())
            .Rule("routed", new FilterRule().Meta(MetaKey.Family).Is([V4]).Payload(PacketPart.Network, Source, 1).Is([LoopbackNetwork])
                .Meta(MetaKey.OutputName).In(Bridges).Masquerade())
            .Rule("routed", new FilterRule().Meta(MetaKey.InputName).In(Masked).Meta(MetaKey.OutputName).In(Bridges, not: true).Masquerade());
    }

    /// <summary>What comes to a container is an answer, or for a port that it published, or from its own network.</summary>
    /// <remarks>What was let through once comes first: it is nearly all of what passes, and looks nothing up.</remarks>
    private static void AddForward(FilterBatch batch) => batch.Chain("forward", "filter", FilterHook.Forward, 0)
        .Rule("forward", new FilterRule().Connection(ConnectionKey.State, Established).Accept())
        .Rule("forward", SameBridge().Accept())
        .Rule("forward", new FilterRule().Meta(MetaKey.InputName).In(Internals).Drop())
        .Rule("forward", new FilterRule().Meta(MetaKey.OutputName).In(Internals).Drop())
        .Rule("forward", ToBridge().Connection(ConnectionKey.Status, WasSentOn).Accept())
        .Rule("forward", ToBridge().Drop());

    /// <summary>A device of a container that has ended may live for a moment: without its elements nothing of it passes.</summary>
    private FilterBatch AddAntiSpoof(FilterBatch batch)
    {
        const int SourceMac = 6;
        const int TypeOffset = 12;
        byte[] ip = [0x08, 0x00];
        byte[] arp = [0x08, 0x06];
        byte[] ip6 = [0x86, 0xdd];
        FilterRule Of(byte[] type) => new FilterRule().Payload(PacketPart.Link, TypeOffset, 2).Is(type);
        return batch.Chain("sources", "filter", FilterHook.Prerouting, Raw)
            .Rule("sources", new FilterRule().Meta(MetaKey.InputName).Is(Encoding.ASCII.GetBytes(DevicePrefix), not: true).Accept())
            .Rule("sources", new FilterRule().Meta(MetaKey.InputName).Payload(PacketPart.Link, SourceMac, 6, NameRegisters).In(Macs, not: true).Drop())
            .Rule("sources", Of(ip).Meta(MetaKey.InputName).Payload(PacketPart.Network, 12, 4, NameRegisters).In(AddressesV4, not: true).Drop())
            .Rule("sources", Of(arp).Meta(MetaKey.InputName).Payload(PacketPart.Network, 14, 4, NameRegisters).In(AddressesV4, not: true).Drop())
            .Rule("sources", Of(ip6).Meta(MetaKey.Protocol).Is([Icmp6]).Payload(PacketPart.Transport, 0, 1).Is([RouterAdvertisement]).Drop())
            .Rule("sources", Of(ip6).Meta(MetaKey.InputName).Payload(PacketPart.Network, 8, 16, NameRegisters).In(AddressesV6, not: true).Drop());
    }

    private static FilterRule ToBridge() => new FilterRule().Meta(MetaKey.OutputName).In(Bridges);

    private static FilterRule SameBridge() => new FilterRule().Meta(MetaKey.InputName).Meta(MetaKey.OutputName, NameRegisters).In(Same);
}
