// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Networks;

namespace Tare.Cli.Commands;

/// <summary>Ports as filters name them: <c>80</c>, <c>80/tcp</c>, <c>8000-9000/udp</c>.</summary>
internal static class PortText
{
    /// <summary>A port is in a range that is one.</summary>
    public static bool Holds(string range, int port, string protocol) =>
        PortTexts.ParseExposed(range).Any(each => each.TargetPort == port && each.Protocol == protocol);

    public static bool IsRange(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length <= 2
            && (parts.Length == 1 || parts[1] is "tcp" or "udp" or "sctp")
            && parts[0].Split('-') is { Length: <= 2 } ends
            && Array.TrueForAll(ends, end => ushort.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
