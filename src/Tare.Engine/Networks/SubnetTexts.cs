// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.Configuration;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Subnets, ranges, gateways and further addresses of a <c>network create</c>, put together.</summary>
internal static class SubnetTexts
{
    /// <exception cref="TareException">InvalidArgument</exception>
    public static List<IPNetwork> Networks(IReadOnlyList<string> texts, string what)
    {
        List<IPNetwork> networks = [];
        foreach (string text in texts)
        {
            if (NetworkText.TryRead(text, out IPNetwork network) is { } reason)
            {
                throw new TareException(ErrorKind.InvalidArgument, $"invalid {what} {Quoted.Text(text)}: {reason}");
            }

            networks.Add(network);
        }

        foreach (AddressFamily family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            if (networks.Count(network => network.BaseAddress.AddressFamily == family) > 1)
            {
                throw new TareException(ErrorKind.NotSupported, $"a network has one {what} of each family");
            }
        }

        return networks;
    }

    /// <summary>IPv4 first.</summary>
    /// <exception cref="TareException">InvalidArgument: something belongs to no subnet</exception>
    public static IReadOnlyList<Subnet> Compose(List<IPNetwork> networks, NetworkRequest request)
    {
        List<IPNetwork> ranges = Networks(request.Ranges, "ip-range");
        List<IPAddress> gateways = [.. request.Gateways.Select(static text => Address(text, "gateway"))];
        Dictionary<string, IPAddress> others = request.Auxiliary.ToDictionary(static each => each.Key, static each => Address(each.Value, "aux-address"));
        ranges.ForEach(range => RequireHome(networks.Exists(network => AddressMath.Contains(network, range)), $"ip-range {range}"));
        gateways.Concat(others.Values).ToList().ForEach(address => RequireHome(networks.Exists(network => network.Contains(address)), $"address {address}"));
        return
        [
            .. networks.OrderBy(static network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).Select(network => Subnet.Create(
                network,
                ranges.Where(range => AddressMath.Contains(network, range)).Select(static range => (IPNetwork?)range).FirstOrDefault(),
                gateways.Find(network.Contains),
                others.Where(other => network.Contains(other.Value)).ToDictionary())),
        ];
    }

    private static void RequireHome(bool holds, string what)
    {
        if (!holds)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"no matching subnet for {what}", "give it with --subnet");
        }
    }

    private static IPAddress Address(string text, string what) => AddressText.TryParse(text, out IPAddress? address)
        ? address
        : throw new TareException(ErrorKind.InvalidArgument, $"invalid {what} {Quoted.Text(text)}: no address");
}
