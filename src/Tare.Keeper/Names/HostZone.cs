// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>The domains below which the host finds containers: <c>web.tare.localhost</c>, <c>web.tare.internal</c>.</summary>
/// <remarks>
/// Two, because resolvers that keep to RFC 6761 §6.3 never ask anybody for a name below localhost: systemd-resolved answers it
/// with 127.0.0.1 itself (man systemd-resolved.service(8), synthetic records). <c>internal</c> is nobody's in the world.
/// </remarks>
internal static class HostZone
{
    public const string Name = "tare.localhost";

    /// <summary>For resolvers that ask nobody for <see cref="Name"/>.</summary>
    public const string OtherName = "tare.internal";

    private static ReadOnlySpan<byte> Zone => ".tare.localhost"u8;

    private static ReadOnlySpan<byte> OtherZone => ".tare.internal"u8;

    /// <summary>What addresses are called.</summary>
    public static ReadOnlySpan<byte> Suffix => Zone;

    /// <summary>Takes the domain off a name.</summary>
    /// <param name="name">in lower case; then what stands before the domain, which may be nothing</param>
    /// <returns>false: it is below neither</returns>
    public static bool TryStrip(ref ReadOnlySpan<byte> name)
    {
        return TryStrip(ref name, Zone) || TryStrip(ref name, OtherZone);
    }

    private static bool TryStrip(ref ReadOnlySpan<byte> name, ReadOnlySpan<byte> zone)
    {
        bool isBelow = name.EndsWith(zone) || name.SequenceEqual(zone[1..]);
        name = isBelow ? name[..Math.Max(0, name.Length - zone.Length)] : name;
        return isBelow;
    }
}
