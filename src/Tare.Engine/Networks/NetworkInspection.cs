// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Engine.State;
using Tare.Linux;

namespace Tare.Engine.Networks;

/// <summary>What <c>inspect</c> tells of a container's networks and ports.</summary>
internal static class NetworkInspection
{
    /// <param name="folders">of the store</param>
    /// <param name="row">the container</param>
    /// <param name="record">what was decided for it</param>
    public static NetworkSettingsDocument Of(EngineFolders folders, ContainerRow row, ContainerRecord record)
    {
        using Fd? live = folders.TryOpenLive(row.Id.Text);
        LiveNetworks networks = (live is null ? null : LiveNetworks.TryRead(live)) ?? new();
        var request = record.Request is { } asked ? NetworkChoice.Of(asked) : new(record.HostConfig.NetworkMode, []);
        var documents = new Dictionary<string, EndpointDocument>();
        foreach (NetworkAttachment attachment in request.Path is null ? request.Attachments.DefaultIfEmpty(new(request.Mode)) : [])
        {
            LiveEndpoint? place = networks.Endpoints.FirstOrDefault(each => Names(each, attachment.Network));
            documents[place?.Name ?? attachment.Network] = EndpointOf(row, attachment, place);
        }

        LiveEndpoint? first = networks.Endpoints.FirstOrDefault(static each => each.Name == NetworkRow.Default);
        LiveAddress? own = first is { Addresses: [var address, ..] } ? address : null;
        return new()
        {
            SandboxKey = request.Path ?? "",
            SandboxID = networks.Endpoints.Count > 0 ? row.Id.Text : "",
            Ports = PortsOf(record, networks),
            Networks = documents,
            EndpointID = first?.Id ?? "",
            Gateway = own?.Gateway ?? "",
            IPAddress = own?.Address ?? "",
            IPPrefixLen = own?.Prefix ?? 0,
            MacAddress = first?.Mac ?? "",
        };
    }

    /// <summary>As <c>-p</c> said it, for a container that may not run.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBindingDocument>>? Bindings(IReadOnlyList<PortRequest> ports) => ports.Count == 0
        ? null
        : ports.GroupBy(static port => Name(port.TargetPort, port.Protocol)).ToDictionary(
            static group => group.Key,
            static group => (IReadOnlyList<PortBindingDocument>)[.. group.Select(static port => new PortBindingDocument(
                port.HostAddress ?? "", port.HostPort == 0 ? "" : Text(port.HostPort), port.Mode?.ToString().ToLowerInvariant()))]);

    public static string Name(int port, string protocol) => $"{Text(port)}/{protocol}";

    private static EndpointDocument EndpointOf(ContainerRow row, NetworkAttachment attachment, LiveEndpoint? place)
    {
        var document = new EndpointDocument
        {
            IPAMConfig = (attachment.Ip ?? attachment.Ip6) is null ? null : new(attachment.Ip, attachment.Ip6),
            Aliases = attachment.Aliases.Count == 0 ? null : attachment.Aliases,
            MacAddress = attachment.Mac ?? "",
        };
        return place is null ? document : WithPlace(document, row, place);
    }

    private static EndpointDocument WithPlace(EndpointDocument document, ContainerRow row, LiveEndpoint place)
    {
        var none = new LiveAddress("", 0, "");
        LiveAddress v4 = place.Addresses.FirstOrDefault(static each => !IsV6(each)) ?? none;
        LiveAddress v6 = place.Addresses.FirstOrDefault(IsV6) ?? none;
        bool hasNames = place.Name != NetworkRow.Default;
        return document with
        {
            DNSNames = hasNames ? [.. new[] { row.Name }.Concat(place.Aliases).Append(row.Id.Short).Distinct()] : null,
            MacAddress = place.Mac,
            NetworkID = place.Network,
            EndpointID = place.Id,
            Gateway = v4.Gateway,
            IPAddress = v4.Address,
            IPPrefixLen = v4.Prefix,
            IPv6Gateway = v6.Gateway,
            GlobalIPv6Address = v6.Address,
            GlobalIPv6PrefixLen = v6.Prefix,
        };
    }

    private static bool IsV6(LiveAddress address) => address.Address.Contains(':', StringComparison.Ordinal);

    private static Dictionary<string, IReadOnlyList<PortBindingDocument>?> PortsOf(ContainerRecord record, LiveNetworks networks)
    {
        var ports = new SortedDictionary<string, IReadOnlyList<PortBindingDocument>?>(StringComparer.Ordinal);
        foreach (string exposed in networks.Endpoints.Count > 0 ? record.Config.ExposedPorts?.Keys ?? [] : [])
        {
            ports[exposed] = null;
        }

        foreach (IGrouping<string, LivePort> group in networks.Ports.GroupBy(static port => Name(port.TargetPort, port.Protocol)))
        {
            ports[group.Key] = [.. group.Select(static port => new PortBindingDocument(port.HostAddress, Text(port.HostPort)))];
        }

        return new(ports);
    }

    private static bool Names(LiveEndpoint place, string text) =>
        place.Name == text || (text.Length > 0 && place.Network.StartsWith(text, StringComparison.Ordinal));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
