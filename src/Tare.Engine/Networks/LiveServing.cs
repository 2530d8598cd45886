// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Containers;
using Tare.Keeper;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Sockets;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>What a container's keeper does for its networks: names, and ports that the packet filter does not send on.</summary>
internal static class LiveServing
{
    private const ushort NamePort = 53;

    /// <summary>At the start of a container; nothing when there is nothing to serve.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="container">that is started, and whose keeper is there</param>
    /// <param name="networks">what it has</param>
    /// <param name="names">where its name server is asked; null: it has none. Lent</param>
    /// <param name="upstreams">whom that asks</param>
    /// <exception cref="TareException">its keeper cannot</exception>
    public static void Begin(
        TareEngine engine, CreatedContainer container, ContainerNetworks networks, NameSockets? names, IReadOnlyList<IPAddress> upstreams)
    {
        if (names is null && networks.Ports.Count == 0)
        {
            return;
        }

        LiveNetworks live = networks.Live with
        {
            HasNameServer = names is not null,
            Upstreams = [.. upstreams.Select(static each => each.ToString())],
            IsInternal = networks.Live.Endpoints.All(each => engine.Networks.Find(each.Network) is { Record.Internal: true }),
        };
        using Fd folder = engine.Folders.OpenLive(container.Row.Id.Text);
        live.Write(folder);
        Send(engine, container.Row, container.Record.Request!, folder, live, names, SocketsOf(networks.Ports));
    }

    /// <summary>Something has changed of a container that runs: also its files of names.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="request">what was asked of it</param>
    /// <param name="folder">its run folder, lent</param>
    /// <param name="live">what it has from now on; written down</param>
    /// <param name="names">sockets of a new name server; null: as it was. Lent</param>
    /// <param name="ports">that are new, with their sockets; null: none. Lent</param>
    /// <param name="known">ports that are written down instead, as there may be more of them; null: those of <paramref name="live"/></param>
    public static void Serve(
        TareEngine engine,
        ContainerRow row,
        RunRequest request,
        Fd folder,
        LiveNetworks live,
        NameSockets? names,
        PortSockets? ports = null,
        IReadOnlyList<LivePort>? known = null)
    {
        LiveNetworks before = LiveNetworks.TryRead(folder) ?? new();
        bool isNew = names is not null && !live.HasNameServer;
        ResolverFile resolvers = HostNames.Resolvers(request, hasNetworks: true, live.HasNameServer || isNew, HostFiles.ReadHosts("/etc/resolv.conf"));
        live = live with
        {
            HasNameServer = live.HasNameServer || isNew,
            Upstreams = isNew ? [.. resolvers.Upstreams.Select(static each => each.ToString())] : live.Upstreams,
            IsInternal = live.Endpoints.All(each => engine.Networks.Find(each.Network) is { Record.Internal: true }),
        };
        (live with { Ports = known ?? live.Ports }).Write(folder);
        HostFiles.Rewrite(folder, "hosts", HostNames.Compose(engine, request, ContainerJson.ReadRecord(row).Config.Hostname, live));
        if (isNew)
        {
            HostFiles.Rewrite(folder, "resolv.conf", resolvers.Text);
        }

        // also one that has nothing to serve, or nothing any more, is to hear that it is on a network
        if (live.HasNameServer || live.Ports.Count + before.Ports.Count + live.Endpoints.Count > 0)
        {
            Send(engine, row, request, folder, live, names, SocketsOf(ports?.Taken ?? []));
        }
    }

    /// <summary>A keeper took over from one that died: it gets all sockets anew.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="folder">its run folder, lent</param>
    /// <param name="pid">its first process</param>
    public static void Restore(TareEngine engine, ContainerRow row, Fd folder, int pid)
    {
        if (LiveNetworks.TryRead(folder) is not { } live || (!live.HasNameServer && live.Ports.Count == 0))
        {
            return;
        }

        using Fd space = Linux.Netlink.NetworkSpace.Of(pid);
        using NameSockets? names = live.HasNameServer ? Linux.Netlink.NetworkSpace.Do(space, NameSockets.Open) : null;
        var sockets = live.Published().ToDictionary(Id, PortSockets.TryReopen);
        try
        {
            RunRequest request = ContainerJson.ReadRecord(row).Request!;
            LiveNetworks served = live with { Ports = [.. live.Ports.Where(port => sockets[port.Id] is not null)] };
            Send(engine, row, request, folder, served, names, sockets);
        }
        finally
        {
            sockets.Values.ToList().ForEach(static socket => socket?.Dispose());
        }
    }

    private static void Send(
        TareEngine engine, ContainerRow row, RunRequest request, Fd folder, LiveNetworks live, NameSockets? names, IReadOnlyDictionary<string, Fd?> sockets)
    {
        List<Fd> given = names is null ? [] : [names.Udp, names.Tcp];
        List<RelayOrder> relays = [];
        foreach (PublishedPort port in live.Published().Where(static port => port.Protocol != "sctp"))
        {
            Fd? socket = sockets.GetValueOrDefault(Id(port));
            relays.Add(new(Id(port), new(InetAddress.Of(port.Target), (ushort)port.TargetPort))
            {
                IsUdp = port.Protocol == "udp",
                IsTransparent = port.IsTransparent,
                Socket = socket is null ? null : given.Count,
            });
            given.AddRange(socket is null ? [] : [socket]);
        }

        var order = new ServeOrder
        {
            Names = live.HasNameServer ? Names(engine, request, live, names is not null) : null,
            Relays = relays,
            Subnets = [.. live.Endpoints.SelectMany(static each => each.Addresses).Select(static each => new InetNetwork(InetAddress.Of(IPAddress.Parse(each.Address)), each.Prefix))],
        };
        Errno error = KeeperClient.Serve(folder, order, given);
        if (error != Errno.None)
        {
            throw new TareException(
                ErrorKind.Unavailable,
                $"container {row.Name}: its keeper does not serve its networks: {error.Explain()}",
                error == Errno.ENOSYS ? "it is of an older version: restart the container" : null);
        }
    }

    private static NameOrder Names(TareEngine engine, RunRequest request, LiveNetworks live, bool isNew) => new()
    {
        Udp = isNew ? 0 : null,
        Tcp = isNew ? 1 : null,
        Files =
        [
            .. live.Endpoints.Where(static each => each.Name != NetworkRow.Default)
                .Select(each => $"{AddressClaims.FolderOf(engine.Folders, each.Network)}/{NetworkNameFile.FileName}"),
        ],
        Upstreams = [.. live.Upstreams.Take(NameOrder.MaxUpstreams).Select(static each => new InetEnd(InetAddress.Of(IPAddress.Parse(each)), NamePort))],
        IsInternal = live.IsInternal,
        Links = [.. request.Links.Select(static link => link.Split(':', 2)).Where(static parts => parts.Length == 2).Select(static parts => new NameLink(parts[1], parts[0]))],
    };

    private static Dictionary<string, Fd?> SocketsOf(IEnumerable<(PublishedPort Port, Fd? Socket)> taken) =>
        taken.ToDictionary(static each => Id(each.Port), static each => each.Socket);

    private static string Id(PublishedPort port) => LivePort.Of(port).Id;
}
