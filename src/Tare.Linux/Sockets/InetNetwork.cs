// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Sockets;

/// <summary>All addresses that begin with the same bits.</summary>
/// <param name="Address">any of them</param>
/// <param name="Prefix">how many bits: 0 to 32 or 128</param>
internal readonly record struct InetNetwork(InetAddress Address, int Prefix)
{
    public bool Contains(InetAddress address)
    {
        int rest = (Address.IsV6 ? 128 : 32) - Prefix;

        // a shift by the whole width would be one by nothing
        return address.IsV6 == Address.IsV6
            && (rest >= 128 || address.Bits >> rest == Address.Bits >> rest);
    }
}
