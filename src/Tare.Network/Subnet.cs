// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Oci;

namespace Tare.Network;

/// <summary>The addresses of one network, of one family.</summary>
/// <param name="Network">the whole</param>
/// <param name="Gateway">the bridge's own; the way out of it</param>
internal sealed record Subnet(IPNetwork Network, IPAddress Gateway)
{
    /// <summary>Where containers get their addresses unless they ask for one; null: anywhere in it.</summary>
    public IPNetwork? Range { get; init; }

    /// <summary>Addresses that somebody else uses, by name.</summary>
    public IReadOnlyDictionary<string, IPAddress> Reserved { get; init; } = new Dictionary<string, IPAddress>();

    public AddressFamily Family => Network.BaseAddress.AddressFamily;

    /// <summary>A subnet with its first address as gateway unless another is asked for.</summary>
    /// <exception cref="TareException">InvalidArgument: they do not fit together</exception>
    public static Subnet Create(IPNetwork network, IPNetwork? range, IPAddress? gateway, IReadOnlyDictionary<string, IPAddress> reserved)
    {
        if (SubnetPool.RefuseBase(network) is { } reason)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid subnet: {reason}");
        }

        if (network.PrefixLength > SubnetPool.MaxSize(network))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid subnet {network}: it has no room for a container");
        }

        if (range is { } part && !AddressMath.Contains(network, part))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid ip-range {part}: it is not part of subnet {network}");
        }

        foreach (IPAddress address in reserved.Values.Concat(gateway is null ? [] : [gateway]))
        {
            if (!network.Contains(address))
            {
                throw new TareException(ErrorKind.InvalidArgument, $"no matching subnet for address {address}: {network} does not hold it");
            }
        }

        var subnet = new Subnet(network, gateway ?? AddressMath.Address(AddressMath.First(range ?? network) + 1, network.BaseAddress.AddressFamily))
        {
            Range = range,
            Reserved = reserved,
        };
        return gateway is null && range is not null ? subnet.WithFirstOfAll() : subnet;
    }

    /// <summary>Addresses for a container, the next free one first; lazily, and never the network's own.</summary>
    /// <param name="isTaken">asked for each</param>
    public IEnumerable<IPAddress> Free(Func<IPAddress, bool> isTaken)
    {
        IPNetwork from = Range ?? Network;
        for (UInt128 number = AddressMath.First(from); number <= AddressMath.Last(from); number++)
        {
            IPAddress address = AddressMath.Address(number, Family);
            if (IsUsable(address) && !isTaken(address))
            {
                yield return address;
            }
        }
    }

    /// <summary>A container may have it: it is in the subnet, and neither the network's own nor somebody else's.</summary>
    public bool IsUsable(IPAddress address)
    {
        UInt128 number = AddressMath.Number(address);
        bool isEnd = number == AddressMath.First(Network) || (Family == AddressFamily.InterNetwork && number == AddressMath.Last(Network));
        return Network.Contains(address) && !isEnd && !address.Equals(Gateway) && !Reserved.Values.Contains(address);
    }

    private Subnet WithFirstOfAll() =>
        this with { Gateway = AddressMath.Address(AddressMath.First(Network) + 1, Family) };
}
