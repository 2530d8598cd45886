// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tare.Engine.Configuration;

/// <summary>Networks in CIDR form, <c>10.0.0.0/8</c> or <c>fd00::/8</c>.</summary>
internal static class NetworkText
{
    private const string Want = "want a network such as 10.0.0.0/8";
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Null on success, else why the text is no network.</summary>
    public static string? TryRead(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || ReadAddress(text[..slash]) is not { } address)
        {
            return Want;
        }

        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        ReadOnlySpan<char> prefix = text.AsSpan(slash + 1);
        if (!int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > bits)
        {
            return $"{Want}; the prefix has 0 to {bits} bits";
        }

        network = new(Masked(address, length), length);
        return network.BaseAddress.Equals(address)
            ? null
            : $"{address}/{length} has host bits set, the network is {network}";
    }

    /// <summary>The BCL also takes <c>010.1</c> (as 8.0.0.1), brackets and scopes; others read them
    /// differently.</summary>
    private static IPAddress? ReadAddress(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(AddressCharacters) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text ? address : null;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int at = 0; at < bytes.Length; at++)
        {
            int kept = Math.Clamp(length - (at * 8), 0, 8);
            bytes[at] &= (byte)(0xff << (8 - kept));
        }

        return new(bytes);
    }
}
