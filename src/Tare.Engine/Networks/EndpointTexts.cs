// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.Containers;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>What was asked of an endpoint, read; and what became of it, written down.</summary>
internal static class EndpointTexts
{
    /// <summary>The address that is asked for; null: any.</summary>
    /// <exception cref="TareException">InvalidArgument: it is none of that family</exception>
    public static IPAddress? Wanted(NetworkAttachment attachment, AddressFamily family)
    {
        string? text = family == AddressFamily.InterNetwork ? attachment.Ip : attachment.Ip6;
        return text is null ? null
            : AddressText.TryParse(text, out IPAddress? address) && address.AddressFamily == family ? address
            : throw new TareException(ErrorKind.InvalidArgument, $"invalid {(family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address: {Quoted.Text(text)}");
    }

    /// <summary>An address is asked for that a network of this kind does not give.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static void RefuseForeign(NetworkRow row, NetworkPlan plan, NetworkAttachment attachment)
    {
        if (row.Name == NetworkRow.Default && (attachment.Ip ?? attachment.Ip6) is not null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                "invalid endpoint settings: user specified IP address is supported on user defined networks only",
                "make one with: tare network create --subnet …");
        }

        if (row.Name == NetworkRow.Default && attachment.Aliases.Count > 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, "invalid endpoint settings: network-scoped aliases are only supported for user-defined networks");
        }

        if (attachment.Ip6 is not null && plan.Of(AddressFamily.InterNetworkV6) is null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid endpoint settings: no configured subnet contains IP address {attachment.Ip6}",
                "make the network with --ipv6");
        }
    }

    public static MacAddress Mac(NetworkAttachment attachment, IReadOnlyList<IPAddress> addresses) => attachment.Mac is not { } text
        ? MacAddress.For(addresses[0].GetAddressBytes())
        : MacAddress.TryParse(text, out MacAddress mac)
            ? mac
            : throw new TareException(ErrorKind.InvalidArgument, $"invalid MAC address: {Quoted.Text(text)}", "want one such as 92:d0:c6:0a:29:33");

    /// <summary>By which others find it: its own name, then what it is called on this network.</summary>
    public static IReadOnlyList<string> Names(ContainerRow container, RunRequest request, NetworkAttachment attachment) =>
        [container.Name, .. attachment.Aliases, .. request.Hostname is { Length: > 0 } own ? [own] : Array.Empty<string>()];

    public static LiveEndpoint Describe(NetworkRow row, Endpoint endpoint, NetworkAttachment attachment) => new(
        row.Id, row.Name, ContainerId.Create().Text, row.Record.Driver, endpoint.Device, endpoint.Inside, endpoint.Mac.ToString())
    {
        Addresses =
        [
            .. endpoint.Addresses.Select(address => new LiveAddress(
                address.ToString(), endpoint.PrefixOf(address), endpoint.Plan.Of(address.AddressFamily)!.Gateway.ToString())),
        ],
        Aliases = attachment.Aliases,
        IsDefaultRoute = endpoint.IsDefaultRoute,
    };
}
