// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tare.Linux.Netlink.Filter;

/// <summary>What the keys or values of a set are.</summary>
/// <param name="Number">as the program nft knows it, so that it can show them</param>
/// <param name="Length">bytes; each part of a joined one begins at a multiple of four</param>
internal sealed record FilterType(int Number, int Length)
{
    public static readonly FilterType IPv4 = new(7, 4);
    public static readonly FilterType IPv6 = new(8, 16);
    public static readonly FilterType Mac = new(9, 6);
    public static readonly FilterType Protocol = new(12, 1);
    public static readonly FilterType Port = new(13, 2);
    public static readonly FilterType DeviceName = new(41, NameBytes);

    private const int NameBytes = 16;
    private const int PartBits = 6;
    private const int Word = 4;

    /// <summary>One behind the other.</summary>
    public static FilterType Of(params ReadOnlySpan<FilterType> parts)
    {
        int number = 0;
        int length = 0;
        foreach (FilterType part in parts)
        {
            number = (number << PartBits) | part.Number;
            length += (part.Length + Word - 1) & -Word;
        }

        return new(number, length);
    }

    /// <summary>Values of such a joined type: each filled up to a multiple of four bytes.</summary>
    public static byte[] Join(params ReadOnlySpan<byte[]> parts)
    {
        List<byte> bytes = [];
        foreach (byte[] part in parts)
        {
            bytes.AddRange(part);
            while (bytes.Count % Word != 0)
            {
                bytes.Add(0);
            }
        }

        return [.. bytes];
    }

    /// <summary>A name of a device as a key.</summary>
    public static byte[] Name(string device)
    {
        byte[] bytes = new byte[NameBytes];
        Encoding.UTF8.GetBytes(device, bytes);
        return bytes;
    }

    /// <summary>A port as a key.</summary>
    public static byte[] PortOf(int port)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }

    public static byte[] Address(IPAddress address) => address.GetAddressBytes();
}
