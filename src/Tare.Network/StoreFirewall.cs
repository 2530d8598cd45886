// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;
using static Tare.Linux.Netlink.Filter.FilterRule;

namespace Tare.Network;

/// <summary>The packet filter of one store: a table of its own for IPv4 and IPv6, and one for what passes the bridges.</summary>
/// <remarks>
/// The rules never change; which networks, containers and ports there are stands in sets and maps, so that each change is
/// one element, takes the same time for one container as for a thousand, and is looked up as quickly.
/// </remarks>
/// <param name="store">eight hex digits</param>
internal sealed partial class StoreFirewall(string store)
{
    private const string Bridges = "bridges";
    private const string Internals = "internals";
    private const string Same = "same";
    private const string Masked = "masked";
    private const string SelvesV4 = "selves4";
    private const string SelvesV6 = "selves6";
    private const string PortsV4 = "ports4";
    private const string PortsV6 = "ports6";
    private const string AnyV4 = "any4";
    private const string AnyV6 = "any6";
    private const string Macs = "macs";
    private const string AddressesV4 = "addresses4";
    private const string AddressesV6 = "addresses6";

    private const int Dnat = -100;
    private const int Snat = 100;
    private const int Raw = -300;
    private const uint Established = 0x6;
    private const uint WasSentOn = 0x20;
    private const byte LoopbackNetwork = 127;
    private const byte Icmp6 = 58;
    private const byte RouterAdvertisement = 134;
    private const byte V4 = 2;
    private const byte V6 = 10;

    /// <summary>Name of its tables.</summary>
    public string Table { get; } = $"tare-{store}";

    /// <summary>What the names of its containers' devices begin with.</summary>
    public string DevicePrefix { get; } = $"tv{store}";

    /// <summary>A name for a container's device on the host's side, drawn at random.</summary>
    public string NewDeviceName()
    {
        Span<byte> random = stackalloc byte[3];
        Entropy.Fill(random);
        return DevicePrefix + Convert.ToHexStringLower(random)[..(DeviceChange.MaxName - DevicePrefix.Length)];
    }

    /// <summary>Makes the tables unless they are there.</summary>
    public void Ensure(NetlinkSocket socket)
    {
        if (!Exists(socket))
        {
            Make(socket);
        }
    }

    /// <summary>Both are there.</summary>
    public bool Exists(NetlinkSocket socket) => FilterTables.Has(socket, FilterFamily.Inet, Table) && FilterTables.Has(socket, FilterFamily.Bridge, Table);

    /// <summary>Makes a table anew, without elements, if any of its rules is missing: all at once, so that nothing passes meanwhile.</summary>
    public void Renew(NetlinkSocket socket)
    {
        // of a table that is not there the first makes one that the second can remove
        FilterBatch inet = FillInet(Inet().Table().RemoveTable().Table());
        if (!IsWhole(socket, FilterFamily.Inet, Table, inet))
        {
            inet.Send(socket);
        }

        FilterBatch bridges = FillBridges(OfBridges().Table().RemoveTable().Table());
        if (!IsWhole(socket, FilterFamily.Bridge, Table, bridges))
        {
            bridges.Send(socket);
        }
    }

    /// <summary>Removes all of it; nothing when it is not there.</summary>
    public void Remove(NetlinkSocket socket)
    {
        Inet().RemoveTable().SendEach(socket);
        OfBridges().RemoveTable().SendEach(socket);
    }

    /// <summary>Networks may be used from now on.</summary>
    public void Add(NetlinkSocket socket, params IReadOnlyList<NetworkPlan> networks) => SendIfAny(
        socket, networks.SelectMany(Elements).Aggregate(Inet(), static (batch, element) => batch.AddElement(element.Set, element.Key)));

    /// <summary>It may not any more.</summary>
    public void Remove(NetlinkSocket socket, NetworkPlan network) =>
        Elements(network).Aggregate(Inet(), static (batch, element) => batch.RemoveElement(element.Set, element.Key)).SendEach(socket);

    /// <summary>A container's packets pass if they come from its own addresses, and its ports lead to it.</summary>
    public void Add(NetlinkSocket socket, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        FilterBatch bridges = OfBridges();
        foreach ((string set, byte[] key) in endpoints.SelectMany(Sources))
        {
            bridges.AddElement(set, key);
        }

        FilterBatch inet = Inet();
        foreach ((string set, byte[] key, byte[]? value) in Elements(ports))
        {
            inet.AddElement(set, key, value);
        }

        SendIfAny(socket, bridges);
        SendIfAny(socket, inet);
    }

    /// <summary>A container that runs has other ports from now on; all of it changes at once.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="before">all that it had</param>
    /// <param name="after">all that it has</param>
    /// <exception cref="LinuxException">EEXIST: one of them leads to another container; nothing was changed</exception>
    public void Replace(NetlinkSocket socket, IEnumerable<PublishedPort> before, IEnumerable<PublishedPort> after)
    {
        Dictionary<string, (string Set, byte[] Key, byte[]? Value)> had = ByName(before);
        Dictionary<string, (string Set, byte[] Key, byte[]? Value)> has = ByName(after);
        FilterBatch inet = Inet();
        foreach ((string name, var element) in had.Where(each => !has.ContainsKey(each.Key) || !IsSame(has[each.Key].Value, each.Value.Value)))
        {
            inet.RemoveElement(element.Set, element.Key);
        }

        foreach ((string name, var element) in has.Where(each => !had.TryGetValue(each.Key, out var old) || !IsSame(old.Value, each.Value.Value)))
        {
            inet.AddElement(element.Set, element.Key, element.Value);
        }

        try
        {
            SendIfAny(socket, inet);
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
        {
            // who began it died before it was made
            inet.SendEach(socket);
        }
    }

    /// <summary>The port leads to a container already.</summary>
    public bool Has(NetlinkSocket socket, PublishedPort port)
    {
        byte[] key = KeyOf(port);
        return FilterSets.Keys(socket, FilterFamily.Inet, Table, MapOf(port)).Any(other => other.AsSpan().SequenceEqual(key));
    }

    /// <summary>What <see cref="Add(NetlinkSocket, IEnumerable{Endpoint}, IEnumerable{PublishedPort})"/> made goes; what is not there is no error.</summary>
    public void Remove(NetlinkSocket socket, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        FilterBatch bridges = OfBridges();
        foreach ((string set, byte[] key) in endpoints.SelectMany(Sources))
        {
            bridges.RemoveElement(set, key);
        }

        FilterBatch inet = Inet();
        foreach ((string set, byte[] key, _) in Elements(ports))
        {
            inet.RemoveElement(set, key);
        }

        foreach (FilterBatch batch in new[] { bridges, inet }.Where(static batch => !batch.IsEmpty))
        {
            try
            {
                batch.Send(socket);
            }
            catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
            {
                batch.SendEach(socket);
            }
        }
    }

    /// <summary>What stands in the tables and belongs to none of these; nothing when the tables are not there.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="networks">that there are</param>
    /// <param name="endpoints">of the containers that there are</param>
    /// <param name="ports">of theirs</param>
    public IEnumerable<StrayElement> Strays(
        NetlinkSocket socket, IEnumerable<NetworkPlan> networks, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        IEnumerable<(string, byte[])> inet =
        [
            .. networks.SelectMany(Elements),
            .. Elements(ports).Select(static element => (element.Set, element.Key)),
        ];
        return Strays(socket, FilterFamily.Inet, [Bridges, Internals, Same, Masked, SelvesV4, SelvesV6, PortsV4, PortsV6, AnyV4, AnyV6, AnswersV4, AnswersV6], inet)
            .Concat(Strays(socket, FilterFamily.Bridge, [Macs, AddressesV4, AddressesV6], endpoints.SelectMany(Sources)));
    }

    /// <summary>Takes one of <see cref="Strays(NetlinkSocket, IEnumerable{NetworkPlan}, IEnumerable{Endpoint}, IEnumerable{PublishedPort})"/> away; no error when it is gone.</summary>
    public void Remove(NetlinkSocket socket, StrayElement stray) => new FilterBatch(stray.Family, Table).RemoveElement(stray.Set, stray.Key).SendEach(socket);

    private IEnumerable<StrayElement> Strays(
        NetlinkSocket socket, FilterFamily family, string[] sets, IEnumerable<(string Set, byte[] Key)> owned)
    {
        HashSet<string> known = [.. owned.Select(static element => $"{element.Set} {Convert.ToHexStringLower(element.Key)}")];
        return sets.SelectMany(set => FilterSets.Keys(socket, family, Table, set).Select(key => new StrayElement(family, set, key)))
            .Where(element => !known.Contains($"{element.Set} {Convert.ToHexStringLower(element.Key)}"));
    }

    /// <summary>Those of ports that the filter sends on, of their containers' ways back to themselves, and of those whose answers are led back; each once.</summary>
    private static IEnumerable<(string Set, byte[] Key, byte[]? Value)> Elements(IEnumerable<PublishedPort> ports)
    {
        List<PublishedPort> all = [.. ports];
        List<PublishedPort> sent = [.. all.Where(static port => !port.IsRelayed)];
        return
        [
            .. sent.Select(static port => (
                MapOf(port), KeyOf(port), (byte[]?)FilterType.Join(port.Target.GetAddressBytes(), FilterType.PortOf(port.TargetPort)))),
            .. sent.Select(static port => port.Target).Distinct().Select(static target => (
                target.AddressFamily == AddressFamily.InterNetwork ? SelvesV4 : SelvesV6, SelfOf(target), (byte[]?)null)),
            .. all.Where(static port => port.IsTransparent).Select(static port => (port.Target, port.ProtocolNumber, port.TargetPort)).Distinct()
                .Select(static end => (
                    end.Target.AddressFamily == AddressFamily.InterNetwork ? AnswersV4 : AnswersV6,
                    FilterType.Join(end.Target.GetAddressBytes(), [end.ProtocolNumber], FilterType.PortOf(end.TargetPort)),
                    (byte[]?)null)),
        ];
    }

    /// <summary>Of two that lead to different ends the last.</summary>
    private static Dictionary<string, (string Set, byte[] Key, byte[]? Value)> ByName(IEnumerable<PublishedPort> ports)
    {
        Dictionary<string, (string, byte[], byte[]?)> named = [];
        foreach (var element in Elements(ports))
        {
            named[NameOf(element)] = element;
        }

        return named;
    }

    private static string NameOf((string Set, byte[] Key, byte[]? Value) element) => $"{element.Set} {Convert.ToHexStringLower(element.Key)}";

    private static bool IsSame(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

    private static void SendIfAny(NetlinkSocket socket, FilterBatch batch)
    {
        if (!batch.IsEmpty)
        {
            batch.Send(socket);
        }
    }

    /// <summary>What a network is in the table of both families.</summary>
    private static IEnumerable<(string Set, byte[] Key)> Elements(NetworkPlan network)
    {
        byte[] name = FilterType.Name(network.Device);
        yield return (Bridges, name);
        if (network.Internal)
        {
            yield return (Internals, name);
        }

        if (network.Icc)
        {
            yield return (Same, FilterType.Join(name, name));
        }

        if (network is { Masquerade: true, Internal: false })
        {
            yield return (Masked, name);
        }
    }

    private static IEnumerable<(string Set, byte[] Key)> Sources(Endpoint endpoint)
    {
        if (endpoint.Device.Length == 0)
        {
            yield break;
        }

        byte[] name = FilterType.Name(endpoint.Device);
        yield return (Macs, FilterType.Join(name, endpoint.Mac.ToBytes()));
        foreach (IPAddress address in endpoint.Addresses)
        {
            bool isV4 = address.AddressFamily == AddressFamily.InterNetwork;
            yield return (isV4 ? AddressesV4 : AddressesV6, FilterType.Join(name, address.GetAddressBytes()));
        }

        // before it has an address of its own an IPv6 device asks its neighbours with none, and near ones with its hardware's
        yield return (AddressesV6, FilterType.Join(name, IPAddress.IPv6Any.GetAddressBytes()));
        yield return (AddressesV6, FilterType.Join(name, endpoint.Mac.LinkLocal().GetAddressBytes()));
    }

    private static byte[] SelfOf(IPAddress address) => FilterType.Join(address.GetAddressBytes(), address.GetAddressBytes());

    private static string MapOf(PublishedPort port) => (port.IsForAll, port.IsV4) switch
    {
        (true, true) => AnyV4,
        (true, false) => AnyV6,
        (false, true) => PortsV4,
        _ => PortsV6,
    };

    private static byte[] KeyOf(PublishedPort port)
    {
        byte[] protocol = [port.ProtocolNumber];
        byte[] number = FilterType.PortOf(port.HostPort);
        return port.IsForAll
            ? FilterType.Join(protocol, number)
            : FilterType.Join(port.HostAddress.GetAddressBytes(), protocol, number);
    }

    private FilterBatch Inet() => new(FilterFamily.Inet, Table);

    private FilterBatch OfBridges() => new(FilterFamily.Bridge, Table);

    private void Make(NetlinkSocket socket)
    {
        if (!FilterTables.Has(socket, FilterFamily.Inet, Table))
        {
            FillInet(Inet().Table()).Send(socket);
        }

        if (!FilterTables.Has(socket, FilterFamily.Bridge, Table))
        {
            FillBridges(OfBridges().Table()).Send(socket);
        }
    }

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
            batch.Rule("raw", FromBridge().Meta(MetaKey.Family).Is([V4])
                .Payload(PacketPart.Network, offset, 1).Is([LoopbackNetwork]).Drop());
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
    private static void AddForward(FilterBatch batch) => batch.Chain("forward", "filter", FilterHook.Forward, 0)
        .Rule("forward", SameBridge().Accept())
        .Rule("forward", new FilterRule().Meta(MetaKey.InputName).In(Internals).Drop())
        .Rule("forward", new FilterRule().Meta(MetaKey.OutputName).In(Internals).Drop())
        .Rule("forward", ToBridge().Connection(ConnectionKey.State, Established).Accept())
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

    private static FilterRule FromBridge() => new FilterRule().Meta(MetaKey.InputName).In(Bridges);

    private static FilterRule ToBridge() => new FilterRule().Meta(MetaKey.OutputName).In(Bridges);

    private static FilterRule SameBridge() => new FilterRule().Meta(MetaKey.InputName).Meta(MetaKey.OutputName, NameRegisters).In(Same);
}
