// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Starting;

/// <summary>Moves network devices of the host's into a container's network namespace, with their addresses.</summary>
/// <param name="devices">of the spec</param>
/// <remarks>
/// runtime-spec v1.3 config-linux.md#network-devices: permanent addresses of global scope are kept, and the device is up
/// there. When the namespace ends the kernel takes back what is hardware, and removes the rest.
/// </remarks>
internal sealed class NetDeviceMoves(IReadOnlyDictionary<string, NetDevice> devices)
{
    /// <summary>In a name: any number that makes it one that nobody has.</summary>
    private const string AnyNumber = "%d";

    private const int MostNumbers = 4096;

    /// <summary>Null when nothing moves.</summary>
    /// <exception cref="TareException">NotFound: there is no such device</exception>
    public static NetDeviceMoves? Of(Spec spec)
    {
        if (spec.Linux?.NetDevices is not { Count: > 0 } devices)
        {
            return null;
        }

        using NetlinkSocket here = NetlinkSocket.Open();
        foreach (string name in devices.Keys)
        {
            _ = NetworkDevice.TryFind(here, name) ?? throw new TareException(ErrorKind.NotFound, $"{Member(name)}: no such device");
        }

        return new(devices);
    }

    /// <summary>Moves all of them.</summary>
    /// <param name="home">lent: the network namespace of this process</param>
    /// <param name="space">lent: the container's</param>
    /// <param name="undo">is told how to take each back</param>
    /// <exception cref="TareException">one cannot be moved, or its name is taken there</exception>
    public void Run(Fd home, Fd space, Undo undo)
    {
        using NetlinkSocket here = NetlinkSocket.Open();
        using NetlinkSocket there = NetlinkSocket.OpenIn(space);
        foreach ((string name, NetDevice inside) in devices.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            try
            {
                NetworkDevice device = NetworkDevice.TryFind(here, name) ?? throw new LinuxException(Errno.ENODEV, "netlink", name);
                string wanted = FreeName(there, string.IsNullOrEmpty(inside.Name) ? name : inside.Name);
                List<DeviceAddress> addresses = DeviceAddress.Of(here, device);
                undo.Add(() => Return(home, space, wanted, device, addresses));
                device.Move(here, space, wanted);
                Complete(there, wanted, addresses, raise: true);
            }
            catch (LinuxException refused)
            {
                throw new TareException(ErrorKind.FailedPrecondition, $"{Member(name)}: {refused.Message}", null, refused);
            }
        }
    }

    private static string Member(string name) => $"linux.netDevices{Bundles.ConfigPath.Key(name)}";

    /// <summary>Its number may be another where it is now.</summary>
    private static void Complete(NetlinkSocket socket, string name, List<DeviceAddress> addresses, bool raise)
    {
        NetworkDevice moved = NetworkDevice.TryFind(socket, name) ?? throw new LinuxException(Errno.ENODEV, "netlink", name);
        addresses.ForEach(address => address.AddTo(socket, moved));
        if (raise)
        {
            moved.Raise(socket);
        }
    }

    /// <summary>The kernel would move a device first and find out about its name then.</summary>
    private static string FreeName(NetlinkSocket there, string name)
    {
        bool isAny = name.Contains(AnyNumber, StringComparison.Ordinal);
        for (int i = 0; i < (isAny ? MostNumbers : 1); i++)
        {
            string candidate = name.Replace(AnyNumber, i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (NetworkDevice.TryFind(there, candidate) is null)
            {
                return candidate;
            }
        }

        throw new LinuxException(Errno.EEXIST, "netlink", $"{name} in the container");
    }

    /// <summary>As it was, if it has moved at all.</summary>
    private static void Return(Fd home, Fd space, string name, NetworkDevice before, List<DeviceAddress> addresses)
    {
        using NetlinkSocket here = NetlinkSocket.Open();
        using NetlinkSocket there = NetlinkSocket.OpenIn(space);
        if (NetworkDevice.TryFind(there, name) is { } device)
        {
            device.Move(there, home, before.Name);
            Complete(here, before.Name, addresses, before.IsUp);
        }
    }
}
