// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Network;

/// <summary>Settings of a network namespace below /proc/sys/net: that of the calling thread.</summary>
/// <remarks>kernel Documentation/networking/ip-sysctl.rst</remarks>
internal static class HostSettings
{
    /// <summary>Where the host looks up whether packets go on.</summary>
    private const string ForwardV4 = "/proc/sys/net/ipv4/ip_forward";
    private const string ForwardV6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    /// <summary>The kernel has IPv6.</summary>
    public static bool HasV6 => HostPath.TryStatus(ForwardV6) is not null;

    /// <summary>The host passes on what comes from a container and is for somebody else.</summary>
    /// <param name="v6">of the second family too</param>
    public static void Forward(bool v6)
    {
        TurnOn(ForwardV4);
        if (v6)
        {
            TurnOn(ForwardV6);
        }
    }

    /// <summary>A bridge, before it is up: nobody can tell it what its routers are, and it has IPv6 only if it should.</summary>
    public static void Prepare(string bridge, bool v6)
    {
        Set($"ipv4/conf/{bridge}/forwarding", '1');

        // ports published at 127.0.0.1 lead here from this host; the packet filter keeps everybody else out
        Set($"ipv4/conf/{bridge}/route_localnet", '1');
        PrepareV6(bridge, v6);
    }

    /// <summary>As of a bridge, for a device of a container.</summary>
    public static void PrepareV6(string device, bool v6)
    {
        TrySet($"ipv6/conf/{device}/accept_ra", '0');
        TrySet($"ipv6/conf/{device}/disable_ipv6", v6 ? '0' : '1');
    }

    private static void TurnOn(string path)
    {
        if (HostPath.TryReadAll(path, 16) is [(byte)'0', ..])
        {
            HostPath.WriteExisting(path, "1\n"u8);
        }
    }

    private static void Set(string name, char value) => HostPath.WriteExisting($"/proc/sys/net/{name}", Encoding.ASCII.GetBytes($"{value}\n"));

    /// <summary>A kernel without IPv6 has nothing to say about it.</summary>
    private static void TrySet(string name, char value)
    {
        try
        {
            Set(name, value);
        }
        catch (LinuxException none) when (none.Errno == Errno.ENOENT)
        {
        }
    }
}
