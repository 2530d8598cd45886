// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Netlink;

/// <summary>The hardware address of a network device: six bytes, written <c>02:42:ac:11:00:02</c>.</summary>
internal readonly record struct MacAddress
{
    public const int Length = 6;
    private const byte LocalUnicast = 0x02;

    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>One that no manufacturer gave away, drawn at random.</summary>
    public static MacAddress Random()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Entropy.Fill(bytes);
        bytes[0] = (byte)((bytes[0] & ~0x03) | LocalUnicast);
        return Of(bytes);
    }

    /// <summary>The same for the same bytes: a neighbour's table stays right when an address finds a new owner.</summary>
    /// <param name="bytes">at least four, of which the last four count</param>
    public static MacAddress For(ReadOnlySpan<byte> bytes) => Of([LocalUnicast, 0x42, .. bytes[^4..]]);

    public static MacAddress Of(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (byte each in bytes[..Length])
        {
            value = (value << 8) | each;
        }

        return new(value);
    }

    /// <summary>Also with dashes; false for anything else, and for addresses of groups.</summary>
    public static bool TryParse(string text, out MacAddress address)
    {
        address = default;
        string[] parts = text.Split(text.Contains(':', StringComparison.Ordinal) ? ':' : '-');
        if (parts.Length != Length)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Length];
        for (int i = 0; i < Length; i++)
        {
            if (parts[i].Length is 0 or > 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        address = Of(bytes);
        return (bytes[0] & 1) == 0;
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        for (int i = 0; i < Length; i++)
        {
            bytes[i] = (byte)(_value >> (8 * (Length - 1 - i)));
        }

        return bytes;
    }

    /// <summary>The link-local address that a device with this hardware address gives itself.</summary>
    /// <remarks>RFC 4291 appendix A</remarks>
    public System.Net.IPAddress LinkLocal()
    {
        byte[] mac = ToBytes();
        return new([0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ LocalUnicast), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]]);
    }

    public override string ToString() => string.Join(':', ToBytes().Select(static each => each.ToString("x2", CultureInfo.InvariantCulture)));
}
