// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Tare.Build.Graph;

/// <summary>Ports of EXPOSE: <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>; with <c>[ip:]host:</c> in front, which
/// docker still takes.</summary>
internal static class ExposedPorts
{
    /// <summary>Entries <c>port/protocol</c> in order.</summary>
    /// <exception cref="FormatException">it is no port</exception>
    public static IEnumerable<string> Read(string text)
    {
        string[] parts = text.Split(':');
        string container = parts[^1];
        int slash = container.IndexOf('/');
        string range = slash < 0 ? container : container[..slash];
        string protocol = slash < 0 ? "tcp" : container[(slash + 1)..].ToLowerInvariant();
        protocol = protocol.Length == 0 ? "tcp" : protocol;
        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw new FormatException($"invalid protocol {protocol}: it is tcp, udp or sctp");
        }

        (int first, int last) = Range(range);
        CheckHost(parts, last - first);
        return Enumerable.Range(first, last - first + 1)
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
    }

    /// <summary>True when a host's port or address stands in front, which means nothing here.</summary>
    public static bool HasHost(string text) => text.Contains(':');

    private static void CheckHost(string[] parts, int length)
    {
        if (parts.Length > 1 && parts[^2].Length > 0)
        {
            (int first, int last) = Range(parts[^2]);
            if (last - first != length && length != 0)
            {
                throw new FormatException("the ranges of host and container differ in length");
            }
        }

        string address = string.Join(':', parts.SkipLast(2)).Trim('[', ']');
        if (address.Length > 0 && !IPAddress.TryParse(address, out _))
        {
            throw new FormatException($"invalid address {address}");
        }
    }

    private static (int First, int Last) Range(string text)
    {
        int dash = text.IndexOf('-');
        int? first = Port(dash < 0 ? text : text[..dash]);
        int? last = dash < 0 ? first : Port(text[(dash + 1)..]);
        return first <= last ? (first.Value, last.Value) : throw new FormatException($"invalid port {text}");
    }

    private static int? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : null;
}
