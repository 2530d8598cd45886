// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>What the host has of a network: a bridge and its part of the packet filter, or a device that was there before.</summary>
internal static class NetworkDevices
{
    /// <summary>Makes what is missing.</summary>
    /// <param name="host">routing socket of the host</param>
    /// <param name="filter">packet filter of the host</param>
    /// <param name="firewall">of the store</param>
    /// <param name="engine">whose it is</param>
    /// <param name="plan">the network, whose lock the caller holds</param>
    /// <returns>number of its device</returns>
    /// <exception cref="TareException">FailedPrecondition: the parent device is not there</exception>
    public static int Ensure(NetlinkSocket host, NetlinkSocket filter, StoreFirewall firewall, TareEngine engine, NetworkPlan plan)
    {
        if (!plan.IsBridge)
        {
            return NetworkDevice.TryFind(host, plan.Device)?.Index
                ?? throw new TareException(ErrorKind.FailedPrecondition, $"network {plan.Name}: parent device {plan.Device} is not there", "see what there is with: ip link");
        }

        bool isNew = Bridges.Find(host, plan) == 0;
        if (!firewall.Exists(filter))
        {
            NetworkRestoration.Fill(engine, filter, firewall);
            isNew = true;
        }

        // first the rules, then the device that they are for
        if (isNew)
        {
            firewall.Add(filter, plan);
        }

        // each time: whoever drops may have come after the bridge
        new ForeignFirewalls(engine.Folders.StoreId).Open(filter, plan.Device);
        return Bridges.Ensure(host, plan);
    }

    /// <summary>Removes it; what is not there is no error.</summary>
    public static void Remove(NetlinkSocket host, NetlinkSocket filter, StoreFirewall firewall, ForeignFirewalls foreign, NetworkPlan plan)
    {
        if (plan.IsBridge)
        {
            Bridges.Remove(host, plan);
            firewall.Remove(filter, plan);
            foreign.Close(filter, plan.Device);
        }
    }
}
