// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Netlink;

namespace Tare.Network;

/// <summary>The bridge of a network: a device of the host that its containers are plugged into.</summary>
internal static class Bridges
{
    /// <summary>Number of a network's bridge; 0: it is not there, or not complete.</summary>
    public static int Find(NetlinkSocket socket, NetworkPlan network) =>
        NetworkDevice.TryFind(socket, network.Device) is { IsUp: true } device ? device.Index : 0;

    /// <summary>Makes it unless it is there; up last, so that one that is up is complete.</summary>
    /// <param name="socket">of the host</param>
    /// <param name="network">whose; the caller holds its lock</param>
    /// <returns>its number</returns>
    public static int Ensure(NetlinkSocket socket, NetworkPlan network)
    {
        if (Find(socket, network) is var known && known != 0)
        {
            return known;
        }

        // always the same, so that containers find it again when somebody removed it
        MacAddress mac = network.Subnets.Count > 0 ? MacAddress.For(network.Subnets[0].Gateway.GetAddressBytes()) : MacAddress.Random();
        socket.Change([DeviceChange.Bridge(network.Device, mac, network.Mtu)], network.Device, Errno.EEXIST);
        int index = NetworkDevice.TryFind(socket, network.Device)?.Index
            ?? throw new LinuxException(Errno.ENODEV, "netlink", network.Device);
        bool hasV6 = network.Of(AddressFamily.InterNetworkV6) is not null;
        HostSettings.Forward(hasV6);
        HostSettings.Prepare(network.Device, hasV6);
        socket.Change(
            [
                .. network.Subnets.Select(subnet => DeviceChange.Address(index, subnet.Gateway, subnet.Network.PrefixLength)),
                DeviceChange.Raise(network.Device),
            ],
            network.Device,
            Errno.EEXIST);
        return index;
    }

    /// <summary>Plugs the containers' ends into a bridge that was made anew; those that are gone are no error.</summary>
    /// <param name="socket">of the host</param>
    /// <param name="network">whose; the caller holds its lock</param>
    /// <param name="bridge">number of it</param>
    /// <param name="devices">of its containers, on the host's side</param>
    public static void Replug(NetlinkSocket socket, NetworkPlan network, int bridge, IEnumerable<string> devices)
    {
        foreach (string device in devices)
        {
            socket.Change([DeviceChange.Plug(device, bridge), DeviceChange.Port(device, isolated: !network.Icc)], device, Errno.ENODEV);
        }
    }

    /// <summary>It goes; no error when it is not there.</summary>
    public static void Remove(NetlinkSocket socket, NetworkPlan network) =>
        socket.Change([DeviceChange.Remove(network.Device)], network.Device, Errno.ENODEV);
}
