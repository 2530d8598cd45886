// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Oci;

namespace Tare.Network;

/// <summary>Finds a subnet for a network that does not ask for one.</summary>
internal static class AddressPools
{
    /// <summary>docker's.</summary>
    public static readonly IReadOnlyList<SubnetPool> Default =
    [
        new(IPNetwork.Parse("172.17.0.0/16"), 16),
        new(IPNetwork.Parse("172.18.0.0/16"), 16),
        new(IPNetwork.Parse("172.19.0.0/16"), 16),
        new(IPNetwork.Parse("172.20.0.0/14"), 16),
        new(IPNetwork.Parse("172.24.0.0/14"), 16),
        new(IPNetwork.Parse("172.28.0.0/14"), 16),
        new(IPNetwork.Parse("192.168.0.0/16"), 20),
    ];

    private const int SiteBits = 48;
    private const int SubnetBits = 64;
    private const byte UniqueLocal = 0xfd;

    /// <summary>The first that overlaps nothing.</summary>
    /// <param name="pools">in this order</param>
    /// <param name="family">of the subnet</param>
    /// <param name="used">other networks, and what the host knows a way to: a subnet over a VPN would cut it off</param>
    /// <exception cref="TareException">ResourceExhausted</exception>
    public static IPNetwork Next(IReadOnlyList<SubnetPool> pools, AddressFamily family, IReadOnlyCollection<IPNetwork> used)
    {
        foreach (SubnetPool pool in pools.Where(pool => pool.Base.BaseAddress.AddressFamily == family))
        {
            UInt128 step = UInt128.One << (AddressMath.Bits(pool.Base.BaseAddress) - pool.Size);
            for (UInt128 at = AddressMath.First(pool.Base); at <= AddressMath.Last(pool.Base); at += step)
            {
                var subnet = new IPNetwork(AddressMath.Address(at, family), pool.Size);
                if (!used.Any(other => SubnetPool.Overlap(subnet, other)))
                {
                    return subnet;
                }

                if (at + step < at)
                {
                    break;
                }
            }
        }

        throw new TareException(
            ErrorKind.ResourceExhausted,
            "all predefined address pools have been fully subnetted",
            "remove networks that nobody uses with: tare network prune; or give one with --subnet");
    }

    /// <summary>The pool of IPv6 addresses of a store that nobody configured: unique local ones, RFC 4193.</summary>
    /// <param name="seed">five bytes or more, the same for a store</param>
    public static SubnetPool UniqueLocalPool(ReadOnlySpan<byte> seed)
    {
        byte[] address = new byte[16];
        address[0] = UniqueLocal;
        seed[..5].CopyTo(address.AsSpan(1));
        return new(new IPNetwork(new IPAddress(address), SiteBits), SubnetBits);
    }
}
