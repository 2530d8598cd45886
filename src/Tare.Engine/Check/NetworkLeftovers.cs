// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Networks;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every address, name, device and element of the packet filter of this store belongs to a network and a container that are there.</summary>
/// <remarks>
/// Whoever makes one has written down whose it is before, in engine.db or in the container's run folder. So what nobody has
/// written down is nobody's, and no lock but that of a network's addresses is needed to remove it.
/// </remarks>
internal sealed class NetworkLeftovers(TareEngine engine) : IConcern
{
    private const string Folder = "network";
    private const string Address = "address";
    private const string Device = "device";
    private const string Rule = "rule";
    private const string Route = "route";
    private const int MaxNames = 1 << 20;

    public string Name => "networks";

    public IEnumerable<Finding> Look(Inventory now) => now.StoreId is { } store ? [.. Folders(), .. Devices(store), .. Rules(store)] : [];

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (string network in findings.Where(static finding => finding.Kind is Folder or Address)
            .Select(static finding => finding.Subject.Split(' ')[0]).Distinct())
        {
            RepairFolder(network);
        }

        // one that a container has claimed since is not among those that are found now
        if (findings.Any(static finding => finding.Kind is Device or Rule or Route))
        {
            RepairHost();
        }
    }

    private void RepairFolder(string network)
    {
        using AddressClaims claims = AddressClaims.Open(engine.Folders, network);
        if (engine.Networks.Has(network))
        {
            claims.RemoveStale();
            NetworkNameFile.RemoveStale(claims.Folder, engine.Networks.Get(network).Name, IsThere);
        }
        else
        {
            claims.RemoveFolder();
        }
    }

    private void RepairHost()
    {
        string store = engine.Folders.StoreId;
        using NetlinkSocket host = NetlinkSocket.Open();
        foreach (Finding finding in Devices(store))
        {
            host.Change([DeviceChange.Remove(finding.Subject)], finding.Subject, Errno.ENODEV);
        }

        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        var firewall = new StoreFirewall(store);
        foreach (StrayElement stray in Strays(firewall, filter))
        {
            firewall.Remove(filter, stray);
        }

        var rules = new PortRules(engine.Folders, filter);
        List<PublishedPort> ports = [.. Live().SelectMany(static live => live.Published())];
        if (rules.PathFault(ports) is not null)
        {
            rules.RepairPath(ports);
        }
    }

    private IEnumerable<Finding> Folders()
    {
        HashSet<string> known = [.. engine.Networks.List().Select(static row => row.Id)];
        using Fd? networks = HostPath.TryOpen($"{engine.Folders.Run}/networks", OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (string name in (networks?.SortedNames(MaxNames) ?? []).Select(Encoding.UTF8.GetString))
        {
            if (!known.Contains(name))
            {
                yield return new(Folder, name, "there is no such network", Repairable: true);
                continue;
            }

            foreach (string address in AddressClaims.Stale(engine.Folders, name))
            {
                yield return new(Address, $"{name} {address}", "claimed by a container that does not run", Repairable: true);
            }

            using Fd? folder = HostPath.TryOpen(AddressClaims.FolderOf(engine.Folders, name), OpenFlags.ReadOnly | OpenFlags.Directory);
            foreach (string container in folder is null ? [] : NetworkNameFile.Containers(folder).Where(each => !IsThere(each)))
            {
                yield return new(Address, $"{name} {container}", "it has names and does not run", Repairable: true);
            }
        }
    }

    private List<Finding> Devices(string store)
    {
        var firewall = new StoreFirewall(store);
        using NetlinkSocket host = NetlinkSocket.Open();
        List<string> ours = [.. NetworkDevice.List(host).Select(static device => device.Name)
            .Where(name => name.StartsWith(firewall.DevicePrefix, StringComparison.Ordinal) || name == engine.Folders.CgroupParent)];
        if (ours.Count == 0)
        {
            return [];
        }

        HashSet<string> owned = [.. Live().SelectMany(static live => live.Endpoints).Select(static endpoint => endpoint.Device)];
        owned.UnionWith(engine.Networks.List().Select(static row => row.Record.Device));
        return [.. ours.Where(name => !owned.Contains(name)).Order(StringComparer.Ordinal)
            .Select(static name => new Finding(Device, name, "no network and no container has it", Repairable: true))];
    }

    private List<Finding> Rules(string store)
    {
        bool hasNone = HostPath.TryStatus($"{engine.Folders.Run}/networks") is null
            && !engine.Networks.List().Exists(static row => row.Record.Device.Length > 0);
        if (hasNone)
        {
            return [];
        }

        var firewall = new StoreFirewall(store);
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        var rules = new PortRules(engine.Folders, filter);
        string? fault = rules.PathFault([.. Live().SelectMany(static live => live.Published())]);
        return
        [
            .. Strays(firewall, filter).Select(stray => new Finding(
                Rule, $"{firewall.Table} {stray.Name}", "no network and no container has it in the packet filter", Repairable: true)),
            .. fault is null ? (Finding[])[] : [new Finding(Route, rules.PathName, fault, Repairable: true)],
        ];
    }

    private List<StrayElement> Strays(StoreFirewall firewall, NetlinkSocket filter)
    {
        List<LiveNetworks> live = Live();
        return
        [
            .. firewall.Strays(
                filter,
                engine.Networks.List().Select(static row => row.Plan).Where(static plan => plan is { IsBridge: true, Device.Length: > 0 }),
                live.SelectMany(static each => each.Endpoints).Select(static each => each.ToEndpoint()),
                live.SelectMany(static each => each.Published())),
        ];
    }

    /// <summary>Of every run folder: whether its container runs is another concern's.</summary>
    private List<LiveNetworks> Live()
    {
        List<LiveNetworks> found = [];
        foreach (byte[] name in engine.Folders.Live.SortedNames(MaxNames))
        {
            using Fd? folder = engine.Folders.Live.TryStatus(name) is { IsDirectory: true } ? engine.Folders.TryOpenLive(Encoding.UTF8.GetString(name)) : null;
            if (folder is not null && LiveNetworks.TryRead(folder) is { } networks)
            {
                found.Add(networks);
            }
        }

        return found;
    }

    private bool IsThere(string container) => HostPath.TryStatus(engine.Folders.LivePath(container)) is not null;
}
