// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Ports as users and images write them: <c>80</c>, <c>80/udp</c>, <c>8000-8010</c>, <c>127.0.0.1:8080:80</c>.</summary>
internal static class PortTexts
{
    private const int MaxPort = 65535;

    /// <summary>One <c>-p</c>: <c>[[address:][port|range]:]port|range[/protocol]</c>, or the <see cref="LongPortText"/> of it.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static IReadOnlyList<PortRequest> Parse(string text) =>
        text.Contains('=', StringComparison.Ordinal) ? LongPortText.Parse(text) : ParseShort(text);

    private static IReadOnlyList<PortRequest> ParseShort(string text)
    {
        (string rest, string protocol) = Protocol(text, text);
        int last = rest.LastIndexOf(':');
        (int first, int end) = Range(rest[(last + 1)..], text);
        string front = last < 0 ? "" : rest[..last];
        (string? address, string hostPorts) = Front(front, text);
        (int hostFirst, int hostEnd) = hostPorts.Length == 0 ? (0, 0) : Range(hostPorts, text);
        int count = end - first + 1;
        int hostCount = hostEnd - hostFirst + 1;
        if (hostPorts.Length > 0 && hostCount != count && count != 1)
        {
            throw Invalid(text, "the ranges of the host and of the container have not the same length");
        }

        return
        [
            .. Enumerable.Range(0, count).Select(i => new PortRequest(protocol, first + i)
            {
                HostAddress = address,
                HostPort = hostPorts.Length == 0 ? 0 : hostFirst + i,
                LastHostPort = hostPorts.Length > 0 && count == 1 && hostCount > 1 ? hostEnd : 0,
            }),
        ];
    }

    /// <summary>One <c>--expose</c>, or what an image exposes: <c>port|range[/protocol]</c>.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static IReadOnlyList<PortRequest> ParseExposed(string text)
    {
        (string rest, string protocol) = Protocol(text, text);
        (int first, int end) = Range(rest, text);
        return [.. Enumerable.Range(first, end - first + 1).Select(port => new PortRequest(protocol, port))];
    }

    /// <summary>It is one port or a range, as for <see cref="ParseExposed"/>.</summary>
    public static bool IsRange(string text)
    {
        try
        {
            return ParseExposed(text).Count > 0;
        }
        catch (TareException)
        {
            return false;
        }
    }

    /// <summary>A port is in a range that is one.</summary>
    public static bool Holds(string range, int port, string protocol) =>
        ParseExposed(range).Any(each => each.TargetPort == port && each.Protocol == protocol);

    /// <summary>All that a container exposes.</summary>
    public static IReadOnlyCollection<PortRequest> Exposed(RunRequest request, IReadOnlyList<string>? image)
    {
        // most expose nothing, and a chain of queries costs each start its types
        if (request.Exposed.Count + (image?.Count ?? 0) == 0)
        {
            return [];
        }

        return [.. request.Exposed.Concat(image ?? []).SelectMany(ParseExposed).Distinct()];
    }

    /// <summary>All that a container publishes: what was named, and where that was asked for every port that it exposes.</summary>
    public static IEnumerable<PortRequest> Published(RunRequest request, IReadOnlyList<string>? image)
    {
        IEnumerable<PortRequest> exposed = request.PublishAll
            ? Exposed(request, image).Where(each => !request.Ports.Any(port => port.TargetPort == each.TargetPort && port.Protocol == each.Protocol))
            : [];
        return request.Ports.Concat(exposed);
    }

    private static (string? Address, string Ports) Front(string front, string text)
    {
        if (front.Length == 0)
        {
            return (null, "");
        }

        int close = front.LastIndexOf(']');
        int colon = front.LastIndexOf(':');
        bool hasAddress = colon > close || (close < 0 && front.Contains('.', StringComparison.Ordinal));
        string address = colon > close ? front[..colon] : hasAddress ? front : "";
        string ports = colon > close ? front[(colon + 1)..] : hasAddress ? "" : front;
        if (close >= 0 && colon <= close)
        {
            (address, ports) = (front, "");
        }

        address = address.Trim('[', ']');
        return address.Length == 0 ? (null, ports)
            : AddressText.TryParse(address, out System.Net.IPAddress? parsed) ? (parsed.ToString(), ports)
            : throw Invalid(text, $"{Quoted.Text(address)} is no address");
    }

    private static (string Ports, string Protocol) Protocol(string part, string text)
    {
        int slash = part.LastIndexOf('/');
        string protocol = slash < 0 ? "tcp" : part[(slash + 1)..].ToLowerInvariant();
        return protocol is "tcp" or "udp" or "sctp"
            ? (slash < 0 ? part : part[..slash], protocol)
            : throw Invalid(text, $"{Quoted.Text(protocol)} is no protocol: want tcp, udp or sctp");
    }

    private static (int First, int Last) Range(string part, string text)
    {
        int dash = part.IndexOf('-', StringComparison.Ordinal);
        int first = Port(dash < 0 ? part : part[..dash], text);
        int last = dash < 0 ? first : Port(part[(dash + 1)..], text);
        return last >= first ? (first, last) : throw Invalid(text, $"{part} ends before it begins");
    }

    private static int Port(string part, string text) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= MaxPort
            ? port
            : throw Invalid(text, $"{Quoted.Text(part)} is no port from 1 to {MaxPort}");

    private static TareException Invalid(string text, string reason) =>
        new(ErrorKind.InvalidArgument, $"invalid port specification {Quoted.Text(text)}: {reason}", "want such as 8080:80, 127.0.0.1:8080:80/tcp, 80");
}
