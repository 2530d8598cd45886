// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux;
using Tare.Linux.Netlink;

namespace Tare.Network;

/// <summary>The network namespace of a container, with what it takes to change it from here.</summary>
internal sealed class ContainerSpace : IDisposable
{
    private const string Loopback = "lo";

    private readonly Fd _space;
    private readonly NetlinkSocket _inside;

    private ContainerSpace(Fd space, NetlinkSocket inside, NameSockets? names) => (_space, _inside, Names) = (space, inside, names);

    /// <summary>Lent: /proc/PID/ns/net.</summary>
    public Fd Space => _space;

    /// <summary>Where its name server is asked; null when it has none. Owned by who takes them.</summary>
    public NameSockets? Names { get; }

    /// <param name="space">owned from now on</param>
    /// <param name="v6">its devices have addresses of IPv6</param>
    /// <param name="names">a name server is made</param>
    /// <exception cref="LinuxException">EINVAL: it is this process's own</exception>
    public static ContainerSpace Open(Fd space, bool v6, bool names = false)
    {
        try
        {
            if (NetworkSpace.IsOurs(space))
            {
                throw new LinuxException(Errno.EINVAL, "network namespace", "the host's own");
            }

            (NetlinkSocket inside, NameSockets? sockets) = NetworkSpace.Do(space, () =>
            {
                HostSettings.PrepareV6("default", v6);
                return MakeReady(names);
            });
            return new(space, inside, sockets);
        }
        catch
        {
            space.Dispose();
            throw;
        }
    }

    /// <summary>Plugs the container in: makes the devices, gives addresses, routes, lets packets pass.</summary>
    /// <param name="host">of the host</param>
    /// <param name="endpoint">what is made</param>
    /// <param name="parent">number of the bridge, or of the device whose wire it is on</param>
    /// <exception cref="LinuxException">the kernel refuses; what was made goes with the namespace or by <see cref="Unplug"/></exception>
    public void Plug(NetlinkSocket host, Endpoint endpoint, int parent)
    {
        NetworkPlan network = endpoint.Plan;
        if (network.IsBridge)
        {
            host.Change(
                [
                    DeviceChange.Pair(endpoint.Device, parent, _space, endpoint.Inside, endpoint.Mac, network.Mtu),
                    DeviceChange.Port(endpoint.Device, isolated: !network.Icc),
                ],
                endpoint.Device);
        }
        else
        {
            host.Change(
                [
                    DeviceChange.OnWire(
                        network.Driver, network.Mode, parent, _space, endpoint.Inside, network.Driver == NetworkPlan.Macvlan ? endpoint.Mac : null),
                ],
                endpoint.Inside);
        }

        Address(endpoint);
    }

    /// <summary>Takes the container's device away, at once.</summary>
    public void Unplug(string inside) => _inside.Change([DeviceChange.Remove(inside)], inside, Errno.ENODEV);

    /// <summary>All that is not near goes another way from now on.</summary>
    /// <param name="endpoint">over it</param>
    public void SetDefault(Endpoint endpoint) => _inside.Change(Routes(endpoint, Number(endpoint)), "route", Errno.EEXIST);

    public void Dispose()
    {
        _inside.Dispose();
        _space.Dispose();
    }

    private static (NetlinkSocket Inside, NameSockets? Names) MakeReady(bool names)
    {
        NetlinkSocket inside = NetlinkSocket.Open();
        try
        {
            // before any address is bound: one of a loopback device that is down is nobody's, and answers would come from another
            inside.Change([DeviceChange.Raise(Loopback)], Loopback);
            return (inside, names ? NameSockets.Open() : null);
        }
        catch
        {
            inside.Dispose();
            throw;
        }
    }

    private void Address(Endpoint endpoint)
    {
        int device = Number(endpoint);
        List<NetlinkMessage> changes =
        [
            .. endpoint.Addresses.Select(address => DeviceChange.Address(device, address, endpoint.PrefixOf(address))),
            DeviceChange.Raise(endpoint.Inside),
        ];
        if (endpoint.IsDefaultRoute)
        {
            changes.AddRange(Routes(endpoint, device));
        }

        _inside.Change(changes, endpoint.Inside);
    }

    private int Number(Endpoint endpoint) => NetworkDevice.TryFind(_inside, endpoint.Inside)?.Index
        ?? throw new LinuxException(Errno.ENODEV, "netlink", endpoint.Inside);

    private static List<NetlinkMessage> Routes(Endpoint endpoint, int device)
    {
        List<NetlinkMessage> routes = [];
        foreach (IPAddress address in endpoint.Addresses.Where(_ => !endpoint.Plan.Internal))
        {
            routes.Add(endpoint.Plan.Driver == NetworkPlan.Ipvlan && endpoint.Plan.Mode != 0
                ? DeviceChange.DefaultRoute(device, address.AddressFamily)
                : DeviceChange.DefaultRoute(device, endpoint.Plan.Of(address.AddressFamily)!.Gateway));
        }

        return routes;
    }
}
