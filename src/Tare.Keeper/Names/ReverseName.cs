// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>The names under which addresses are looked up: <c>2.0.18.172.in-addr.arpa</c>.</summary>
/// <remarks>RFC 1035 §3.5, RFC 3596 §2.5</remarks>
internal static class ReverseName
{
    private const int V6Digits = 32;

    /// <summary>False for any other name, and for that of a whole zone of addresses.</summary>
    /// <param name="name">in lower case, without a dot at its end</param>
    /// <param name="address">what it stands for</param>
    public static bool TryParse(ReadOnlySpan<byte> name, out InetAddress address)
    {
        address = default;
        return Strip(ref name, ".in-addr.arpa"u8) ? TryParseV4(name, ref address)
            : Strip(ref name, ".ip6.arpa"u8) && TryParseV6(name, ref address);
    }

    private static bool Strip(ref ReadOnlySpan<byte> name, ReadOnlySpan<byte> end)
    {
        bool ends = name.EndsWith(end);
        name = ends ? name[..^end.Length] : name;
        return ends;
    }

    private static bool TryParseV4(ReadOnlySpan<byte> name, ref InetAddress address)
    {
        uint bits = 0;
        int count = 0;
        foreach (Range range in name.Split((byte)'.'))
        {
            ReadOnlySpan<byte> part = name[range];
            if (count == 4 || !Utf8Parser.TryParse(part, out byte value, out int used) || used != part.Length)
            {
                return false;
            }

            bits |= (uint)value << (8 * count++);
        }

        address = new(bits, false);
        return count == 4;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> name, ref InetAddress address)
    {
        if (name.Length != (2 * V6Digits) - 1)
        {
            return false;
        }

        UInt128 bits = 0;
        for (int i = name.Length - 1; i >= 0; i -= 2)
        {
            if (!char.IsAsciiHexDigit((char)name[i]) || (i > 0 && name[i - 1] != '.'))
            {
                return false;
            }

            byte digit = name[i];
            bits = (bits << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        address = new(bits, true);
        return true;
    }
}
