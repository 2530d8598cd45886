// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network;

/// <content>What networks, containers and ports are in the sets and maps.</content>
internal sealed partial class StoreFirewall
{
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
}
