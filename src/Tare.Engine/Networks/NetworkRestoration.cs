// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;

namespace Tare.Engine.Networks;

/// <summary>Makes anew what the host has lost of a store's networks: rules that somebody flushed, bridges that somebody removed.</summary>
/// <remarks>A keeper has it done (<c>tare network restore</c>) when it hears of such a loss. What is there is left alone.</remarks>
internal static class NetworkRestoration
{
    /// <summary>All of it, for the containers that run now.</summary>
    public static void Run(TareEngine engine)
    {
        List<NetworkRow> bridges = Bridged(engine);
        if (bridges.Count == 0)
        {
            return;
        }

        using NetlinkSocket host = NetlinkSocket.Open();
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        Fill(engine, filter, new(engine.Folders.StoreId));
        Replug(engine, host, bridges);
        HashSet<string> there = [.. NetworkDevice.List(host).Select(static device => device.Name)];
        new ForeignFirewalls(engine.Folders.StoreId).Open(filter, [.. bridges.Select(static row => row.Record.Device).Where(there.Contains)]);
    }

    /// <summary>The packet filter as it has to be for what runs: after a boot, or when somebody flushed it.</summary>
    public static void Fill(TareEngine engine, NetlinkSocket filter, StoreFirewall firewall)
    {
        using FileLock? alone = FilterLock.TakeAlone(engine.Folders);

        // first: whoever adds an element from now on adds it to this one
        firewall.Renew(filter);
        firewall.Add(filter, [.. Bridged(engine).Select(static row => row.Plan)]);
        List<LiveNetworks> live = Live(engine);
        new PortRules(engine.Folders, filter).Fill(
            live.SelectMany(static each => each.Endpoints).Select(static each => each.ToEndpoint()),
            [.. live.SelectMany(static each => each.Published())]);
    }

    /// <summary>Only of networks that are in use: the others are made when they are.</summary>
    private static void Replug(TareEngine engine, NetlinkSocket host, List<NetworkRow> bridges)
    {
        foreach (NetworkRow row in bridges.Where(row => Bridges.Find(host, row.Plan) == 0 && DevicesOf(engine, row).Count > 0))
        {
            using AddressClaims? claims = AddressClaims.TryOpen(engine.Folders, row.Id);
            if (claims is not null && engine.Networks.Has(row.Id))
            {
                Bridges.Replug(host, row.Plan, Bridges.Ensure(host, row.Plan), DevicesOf(engine, row));
            }
        }
    }

    private static List<NetworkRow> Bridged(TareEngine engine) =>
        [.. engine.Networks.List().Where(static row => row.Plan is { IsBridge: true, Device.Length: > 0 })];

    private static List<string> DevicesOf(TareEngine engine, NetworkRow row) =>
    [
        .. Live(engine).SelectMany(static each => each.Endpoints)
            .Where(each => each.Network == row.Id && each.Device.Length > 0).Select(static each => each.Device),
    ];

    private static List<LiveNetworks> Live(TareEngine engine)
    {
        List<LiveNetworks> found = [];
        foreach (ContainerRow row in engine.Containers.List().Where(static row => row.Started is not null))
        {
            using Fd? folder = engine.Folders.TryOpenLive(row.Id.Text);
            if (folder is not null && LiveNetworks.TryRead(folder) is { } networks)
            {
                found.Add(networks);
            }
        }

        return found;
    }
}
