// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

/// <summary>One end of a connection: address, port and, for a link-local address, the interface.</summary>
/// <remarks>struct sockaddr_in and sockaddr_in6 of man ip(7) and ipv6(7).</remarks>
internal readonly record struct InetEnd(InetAddress Address, ushort Port, uint Scope = 0)
{
    /// <summary>The longer of the two structs.</summary>
    internal const int MaxBytes = 28;

    private const int V4Bytes = 16;

    public static InetEnd Of(IPEndPoint end) => new(InetAddress.Of(end.Address), (ushort)end.Port);

    /// <summary>With an IPv4 address where a socket of both kinds shows a mapped one.</summary>
    public InetEnd Unmapped => Address.Unmapped is { IsV6: false } address && Address.IsV6 ? new(address, Port) : this;

    public override string ToString() => Address.IsV6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    /// <summary>Length of the struct.</summary>
    internal int RawLength => Address.IsV6 ? MaxBytes : V4Bytes;

    /// <summary>For a socket of this family; returns the length of the struct.</summary>
    internal int Write(Span<byte> raw)
    {
        raw[..MaxBytes].Clear();
        ushort family = Address.IsV6 ? (ushort)Libc.AF_INET6 : (ushort)Libc.AF_INET;
        MemoryMarshal.Write(raw, family);
        BinaryPrimitives.WriteUInt16BigEndian(raw[2..], Port);
        if (!Address.IsV6)
        {
            Address.Write(raw[4..]);
            return V4Bytes;
        }

        Address.Write(raw[8..]);
        MemoryMarshal.Write(raw[24..], Scope);
        return MaxBytes;
    }

    internal static InetEnd Read(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < V4Bytes)
        {
            return default;
        }

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        return MemoryMarshal.Read<ushort>(raw) == Libc.AF_INET6 && raw.Length >= MaxBytes
            ? new InetEnd(InetAddress.Read(raw[8..24]), port, MemoryMarshal.Read<uint>(raw[24..]))
            : new InetEnd(InetAddress.Read(raw[4..8]), port);
    }
}
