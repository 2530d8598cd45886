// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tare.Network;

/// <summary>Addresses as numbers, of both families.</summary>
internal static class AddressMath
{
    private const int BitsV4 = 32;
    private const int BitsV6 = 128;

    public static UInt128 Number(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress Address(UInt128 number, AddressFamily family)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }

    public static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? BitsV4 : BitsV6;

    public static UInt128 First(IPNetwork network) => Number(network.BaseAddress);

    public static UInt128 Last(IPNetwork network)
    {
        int free = Bits(network.BaseAddress) - network.PrefixLength;
        UInt128 mask = free == BitsV6 ? UInt128.MaxValue : (UInt128.One << free) - 1;
        return First(network) + mask;
    }

    public static bool Contains(IPNetwork outer, IPNetwork inner) =>
        outer.BaseAddress.AddressFamily == inner.BaseAddress.AddressFamily
        && outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);
}
