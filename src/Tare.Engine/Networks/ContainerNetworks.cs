// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.Containers;
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>The networks of one start of a container: claimed before it is born, made while it makes its file system.</summary>
/// <remarks>Owned by who claimed. The claims last as long as the run folder: <see cref="Release"/>.</remarks>
internal sealed class ContainerNetworks : IDisposable
{
    private readonly TareEngine _engine;
    private readonly List<(NetworkRow Row, Endpoint Endpoint, int Parent)> _places = [];
    private readonly PortSockets _ports;
    private readonly NetlinkSocket _host = NetlinkSocket.Open();
    private readonly NetlinkSocket _filter = NetlinkSocket.OpenFilter();
    private readonly StoreFirewall _firewall;

    private ContainerNetworks(TareEngine engine) =>
        (_engine, _firewall, _ports) = (engine, new(engine.Folders.StoreId), new(engine.Configuration.PortsMode));

    /// <summary>What the container has.</summary>
    public LiveNetworks Live { get; private set; } = new();

    /// <summary>Others find it by name, and it them.</summary>
    public bool HasNames => _places.Exists(static place => place.Row.HasNames);

    /// <summary>The ports of the host that lead to it. Lent.</summary>
    public IReadOnlyList<(PublishedPort Port, Fd? Socket)> Ports { get; private set; } = [];

    /// <summary>Claims addresses and ports, and makes the bridges. Nothing is claimed that the run folder does not know.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="container">that is started</param>
    /// <param name="choice">its networks</param>
    /// <param name="live">its run folder, lent</param>
    /// <exception cref="TareException">a network is not there, an address or a port is in use</exception>
    public static ContainerNetworks Claim(TareEngine engine, CreatedContainer container, NetworkChoice choice, Fd live) => Make(engine, networks =>
    {
        networks.ClaimAll(container.Row, container.Record.Request!, choice, live);
        networks.ClaimPorts(PortTexts.Published(container.Record.Request!, container.Image.Config.Config?.ExposedPorts), live);
    });

    /// <summary>Claims a place on one more network.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container, which runs</param>
    /// <param name="request">what was asked of it</param>
    /// <param name="attachment">the network</param>
    /// <param name="live">its run folder, lent</param>
    /// <exception cref="TareException">an address is in use</exception>
    public static ContainerNetworks Join(TareEngine engine, ContainerRow row, RunRequest request, NetworkAttachment attachment, Fd live) => Make(engine, networks =>
    {
        networks.Live = LiveNetworks.TryRead(live) ?? new();
        networks.ClaimAll(row, request, new(request.Network ?? NetworkRow.Default, [attachment]), live);
    });

    private static ContainerNetworks Make(TareEngine engine, Action<ContainerNetworks> claim)
    {
        var networks = new ContainerNetworks(engine);
        try
        {
            claim(networks);
            return networks;
        }
        catch (LinuxException refused) when (refused.Errno is Errno.EPERM or Errno.EOPNOTSUPP or Errno.ENOSYS or Errno.EPROTONOSUPPORT)
        {
            networks.Dispose();
            throw new TareException(
                ErrorKind.FailedPrecondition, $"make a network: {refused.Message}", "this host may be without bridges or nftables; see --network none", refused);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>Makes all of it.</summary>
    /// <param name="pid">the container's first process, which waits</param>
    /// <param name="names">a name server is made too</param>
    /// <returns>where that is asked; the caller owns it</returns>
    public NameSockets? Attach(int pid, bool names)
    {
        bool hasV6 = _places.Exists(static place => place.Endpoint.Of(AddressFamily.InterNetworkV6) is not null);
        using ContainerSpace space = ContainerSpace.Open(NetworkSpace.Of(pid), hasV6, names);
        try
        {
            // before the device is there: nothing passes that was not meant to
            new PortRules(_engine.Folders, _filter).Add(_places.Select(static place => place.Endpoint), [.. Ports.Select(static taken => taken.Port)]);
            _places.ForEach(place => Plug(space, place.Row, place.Endpoint, place.Parent));
            return space.Names;
        }
        catch
        {
            space.Names?.Dispose();
            throw;
        }
    }

    private void Plug(ContainerSpace space, NetworkRow network, Endpoint endpoint, int parent)
    {
        try
        {
            space.Plug(_host, endpoint, parent);
        }
        catch (LinuxException refused) when (refused.Errno == Errno.EOPNOTSUPP && !endpoint.Plan.IsBridge)
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"network {network.Name}: this kernel has no {endpoint.Plan.Driver} devices",
                $"load its module {endpoint.Plan.Driver}, or use a network of another driver",
                refused);
        }
    }

    /// <summary>Others live on in its network namespace, and the devices would live with them.</summary>
    private static void RemoveDevices(LiveNetworks networks)
    {
        using NetlinkSocket host = NetlinkSocket.Open();
        foreach (LiveEndpoint endpoint in networks.Endpoints.Where(static each => each.Device.Length > 0))
        {
            host.Change([DeviceChange.Remove(endpoint.Device)], endpoint.Device, Errno.ENODEV);
        }
    }

    /// <summary>Gives back what a run folder has claimed; nothing when it has not.</summary>
    public static void Release(State.EngineFolders folders, string id)
    {
        using Fd? live = folders.TryOpenLive(id);
        if (live is null || LiveNetworks.TryRead(live) is not { } networks)
        {
            return;
        }

        if (JoinedContainer.IsShared(live))
        {
            RemoveDevices(networks);
        }

        // from then on nobody makes it anew
        using (NetlinkSocket filter = NetlinkSocket.OpenFilter())
        {
            new PortRules(folders, filter).Remove(
                networks.Endpoints.Select(static each => each.ToEndpoint()), [.. networks.Possible()], () => LiveNetworks.MarkLeft(live));
            filter.Abandon();
        }

        foreach (LiveEndpoint endpoint in networks.Endpoints)
        {
            using AddressClaims claims = AddressClaims.Open(folders, endpoint.Network);
            NetworkNameFile.Remove(claims.Folder, endpoint.Name, id);
            endpoint.Addresses.ToList().ForEach(address => claims.Release(IPAddress.Parse(address.Address), id));
        }
    }

    public void Dispose()
    {
        _ports.Dispose();
        _host.Dispose();
        _filter.Dispose();
    }

    private void ClaimAll(ContainerRow container, RunRequest request, NetworkChoice choice, Fd live)
    {
        List<(NetworkAttachment Attachment, NetworkRow Row)> asked =
            [.. choice.Attachments.Select(each => (each, _engine.NetworkCreation.Existing(each.Network)))];
        if (Live.Endpoints.Count + asked.Count > NameOrder.MaxFiles)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"a container can be on {NameOrder.MaxFiles} networks at most");
        }

        bool hasWay = Live.Endpoints.Any(static endpoint => endpoint.IsDefaultRoute);
        string? way = hasWay ? null : asked.Where(static each => !each.Row.Record.Internal)
            .OrderByDescending(static each => each.Attachment.GatewayPriority).ThenBy(static each => each.Row.Name, StringComparer.Ordinal)
            .Select(static each => each.Row.Id).FirstOrDefault();
        foreach ((NetworkAttachment attachment, NetworkRow row) in asked)
        {
            string inside = Enumerable.Range(0, int.MaxValue).Select(static number => $"eth{number}")
                .First(name => Live.Endpoints.All(endpoint => endpoint.Inside != name));
            Claim(container, request, row, attachment, inside, row.Id == way);

            // after each, so that what is claimed can be given back
            Live.Write(live);
        }
    }

    private void ClaimPorts(IEnumerable<PortRequest> ports, Fd live)
    {
        List<PortRequest> asked = [.. ports];
        if (asked.Count == 0 || _places.Find(static place => place.Endpoint is { IsDefaultRoute: true, Plan.IsBridge: true }) is not { Endpoint: { } first })
        {
            return;
        }

        asked.ForEach(request => _ports.Take(request, first.Plan.HostBinding, first.Addresses));
        Ports = _ports.Taken;

        // of those without a socket the packet filter alone knows; what it has must not be recorded as ours
        if (Ports.FirstOrDefault(taken => taken.Socket is null && _firewall.Has(_filter, taken.Port)).Port is { } busy)
        {
            throw PortSockets.InUse(busy.Protocol, busy.HostAddress, busy.HostPort);
        }

        Live = Live with { Ports = [.. Ports.Select(static taken => LivePort.Of(taken.Port))] };
        Live.Write(live);
    }

    private void Claim(ContainerRow container, RunRequest request, NetworkRow row, NetworkAttachment attachment, string inside, bool isWay)
    {
        NetworkPlan plan = row.Plan;
        string id = container.Id.Text;
        using AddressClaims claims = AddressClaims.Open(_engine.Folders, row.Id);
        if (!_engine.Networks.Has(row.Id))
        {
            claims.RemoveFolder();
            throw new TareException(ErrorKind.NotFound, $"network {row.Name} not found: it was removed just now");
        }

        EndpointTexts.RefuseForeign(row, plan, attachment);
        List<IPAddress> addresses =
            [.. plan.Subnets.Select(subnet => claims.Take(row, subnet, EndpointTexts.Wanted(attachment, subnet.Family), id))];
        int parent = NetworkDevices.Ensure(_host, _filter, _firewall, _engine, plan);
        MacAddress mac = EndpointTexts.Mac(attachment, addresses);
        var endpoint = new Endpoint(plan, plan.IsBridge ? _firewall.NewDeviceName() : "", inside, mac, addresses) { IsDefaultRoute = isWay };
        _places.Add((row, endpoint, parent));
        LiveEndpoint live = EndpointTexts.Describe(row, endpoint, attachment);
        Live = Live with { Endpoints = [.. Live.Endpoints, live] };

        // of the default network's only the host knows them
        NetworkNameFile.Add(claims.Folder, row.Name, id, EndpointTexts.Names(container, request, attachment), addresses);
    }
}
