// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tare.Linux.Sockets;

/// <summary>An IPv4 or IPv6 address as a plain value.</summary>
/// <param name="Bits">the address as a number; of IPv4 the lowest 32 bits</param>
/// <param name="IsV6">false: IPv4</param>
internal readonly record struct InetAddress(UInt128 Bits, bool IsV6)
{
    private const int V4Bytes = 4;
    private const int V6Bytes = 16;
    private const ulong MappedPrefix = 0xffff;

    /// <summary>Addresses as text are never longer than this.</summary>
    public const int MaxTextBytes = 45;

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsV6 ? Bits == 1 : (uint)Bits >> 24 == 127;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsAny => Bits == 0;

    /// <summary>fe80::/10: means something only together with an interface.</summary>
    public bool IsLinkLocal => IsV6 && (ulong)(Bits >> 118) == 0xfe80 >> 6;

    /// <summary>Bytes of the address itself: 4 or 16.</summary>
    public int Length => IsV6 ? V6Bytes : V4Bytes;

    /// <summary>IPv4 for what a socket of both kinds shows as ::ffff:a.b.c.d; anything else as it is.</summary>
    /// <remarks>RFC 4291 §2.5.5.2</remarks>
    public InetAddress Unmapped => IsV6 && (ulong)(Bits >> 32) == MappedPrefix && (ulong)(Bits >> 64) == 0
        ? new((uint)Bits, false)
        : this;

    public static InetAddress Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[V6Bytes];
        address.TryWriteBytes(bytes, out int length);
        return Read(bytes[..length]);
    }

    /// <summary>The 4 or 16 bytes of an address, as they travel.</summary>
    public static InetAddress Read(ReadOnlySpan<byte> bytes) => bytes.Length == V4Bytes
        ? new(BinaryPrimitives.ReadUInt32BigEndian(bytes), false)
        : new(BinaryPrimitives.ReadUInt128BigEndian(bytes), true);

    /// <summary>Text as <see cref="Format"/> makes it, and what else the two families allow but zones.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out InetAddress address)
    {
        address = default;
        if (text.Length > MaxTextBytes || text.Contains((byte)'%') || text.Contains((byte)'[')
            || !IPAddress.TryParse(text, out IPAddress? parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && text.Count((byte)'.') != V4Bytes - 1))
        {
            return false;
        }

        address = Of(parsed);
        return true;
    }

    /// <summary>Writes <see cref="Length"/> bytes as they travel.</summary>
    public void Write(Span<byte> bytes)
    {
        if (IsV6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
        }
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        return new IPAddress(bytes);
    }

    /// <summary>As people write it; IPv6 in the form of RFC 5952.</summary>
    public string Format() => ToIPAddress().ToString();

    public override string ToString() => Format();
}
