// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Puts containers on networks and takes them off, while they run or not.</summary>
internal sealed class NetworkConnection(TareEngine engine, ContainerRow row)
{
    /// <summary>From now on, and from each later start on.</summary>
    /// <exception cref="TareException">NotFound, Conflict: it is on it already; InvalidArgument</exception>
    public void Connect(NetworkAttachment attachment)
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            NetworkRow network = engine.NetworkCreation.Existing(attachment.Network);
            ContainerRecord record = ContainerJson.ReadRecord(now);
            NetworkChoice choice = Choice(record, network);
            if (choice.Attachments.Any(other => Means(other, network)))
            {
                operation.Complete();
                throw new TareException(ErrorKind.Conflict, $"endpoint with name {now.Name} already exists in network {network.Name}");
            }

            ContainerStatus status = StatusReader.Read(engine, now);
            if (status.IsLive)
            {
                Plug(now, record, network, attachment, status.Pid);
            }

            Record(now, record, choice, [.. choice.Attachments, attachment with { Network = network.Name }]);
            operation.Complete();
        }
    }

    /// <summary>From now on, and from each later start on.</summary>
    /// <param name="name">of the network</param>
    /// <param name="force">no error when it is not on it</param>
    public void Disconnect(string name, bool force)
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            NetworkRow network = engine.Networks.Get(name);
            ContainerRecord record = ContainerJson.ReadRecord(now);
            NetworkChoice choice = Choice(record, network);
            if (!choice.Attachments.Any(other => Means(other, network)))
            {
                operation.Complete();
                if (!force)
                {
                    throw new TareException(ErrorKind.PermissionDenied, $"container {now.Id.Text} is not connected to network {network.Name}");
                }

                return;
            }

            ContainerStatus status = StatusReader.Read(engine, now);
            if (status.IsLive)
            {
                Unplug(now, network, record.Request!, status.Pid);
            }

            Record(now, record, choice, [.. choice.Attachments.Where(other => !Means(other, network))]);
            operation.Complete();
        }
    }

    /// <summary>Others find a running container by its new name at once. The caller holds its operation.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container, with the name that it had</param>
    /// <param name="name">the new one</param>
    public static void Rename(TareEngine engine, ContainerRow row, string name)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        foreach (LiveEndpoint place in (live is null ? null : LiveNetworks.TryRead(live))?.Endpoints ?? [])
        {
            using AddressClaims claims = AddressClaims.Open(engine.Folders, place.Network);
            NetworkNameFile.Rename(claims.Folder, place.Name, row.Id.Text, row.Name, name);
        }
    }

    /// <summary>Takes a running container off the networks that it was never recorded on: who put it there died. The caller holds its operation.</summary>
    public void UnplugUnrecorded()
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        ContainerStatus status = StatusReader.Read(engine, row);
        if (live is null || LiveNetworks.TryRead(live) is not { } networks || !status.IsLive || ContainerJson.ReadRecord(row).Request is not { } request)
        {
            return;
        }

        IReadOnlyList<NetworkAttachment> recorded = NetworkChoice.Of(request).Attachments;
        foreach (LiveEndpoint place in networks.Endpoints)
        {
            if (engine.Networks.Find(place.Network) is { } network && !recorded.Any(attachment => Means(attachment, network)))
            {
                Unplug(row, network, request, status.Pid);
            }
        }
    }

    private static NetworkChoice Choice(ContainerRecord record, NetworkRow network)
    {
        RunRequest request = record.Request ?? throw new TareException(ErrorKind.NotSupported, "a container of an older version has no networks");
        var choice = NetworkChoice.Of(request);
        return choice.IsHost || network.Name is NetworkRow.Host or NetworkRow.None
            ? throw new TareException(
                ErrorKind.InvalidArgument,
                choice.IsHost || network.Name == NetworkRow.Host
                    ? "container cannot be disconnected from host network or connected to host network"
                    : "container cannot be connected to multiple networks with one of the networks in private (none) mode")
            : choice;
    }

    private bool Means(NetworkAttachment attachment, NetworkRow network) => engine.Networks.Find(attachment.Network)?.Id == network.Id;

    private void Plug(ContainerRow now, ContainerRecord record, NetworkRow network, NetworkAttachment attachment, int pid)
    {
        using Fd live = engine.Folders.OpenLive(now.Id.Text);
        using var joined = ContainerNetworks.Join(engine, now, record.Request!, attachment, live);
        bool isFirst = network.HasNames && !joined.Live.HasNameServer;
        try
        {
            using NameSockets? names = joined.Attach(pid, isFirst);
            LiveServing.Serve(engine, now, record.Request!, live, joined.Live, names);
        }
        catch
        {
            Unplug(now, network, record.Request!, pid);
            throw;
        }
    }

    private void Unplug(ContainerRow now, NetworkRow network, RunRequest request, int pid)
    {
        using Fd live = engine.Folders.OpenLive(now.Id.Text);
        LiveNetworks networks = LiveNetworks.TryRead(live) ?? new();
        if (networks.Endpoints.FirstOrDefault(each => each.Network == network.Id) is not { } place)
        {
            return;
        }

        LiveNetworks rest = networks with { Endpoints = [.. networks.Endpoints.Where(each => each != place)] };
        List<LivePort> lost = [.. networks.Ports.Where(port => place.Addresses.Any(address => address.Address == port.Target))];
        using ContainerSpace space = ContainerSpace.Open(NetworkSpace.Of(pid), v6: true);
        space.Unplug(place.Inside);
        rest = rest with { Ports = [.. networks.Ports.Except(lost)] };
        using (NetlinkSocket filter = NetlinkSocket.OpenFilter())
        {
            new PortRules(engine.Folders, filter).Remove(
                [place.ToEndpoint()], [.. lost.Select(static port => port.ToPort())], () => rest.Write(live));
        }

        using (AddressClaims claims = AddressClaims.Open(engine.Folders, network.Id))
        {
            NetworkNameFile.Remove(claims.Folder, network.Name, now.Id.Text);
            place.Addresses.ToList().ForEach(address => claims.Release(IPAddress.Parse(address.Address), now.Id.Text));
        }

        MoveWay(space, ref rest, place);
        LiveServing.Serve(engine, now, request, live, rest, null);
    }

    /// <summary>The way out led over the network that is left: another one has it from now on.</summary>
    private void MoveWay(ContainerSpace space, ref LiveNetworks rest, LiveEndpoint left)
    {
        if (!left.IsDefaultRoute)
        {
            return;
        }

        LiveEndpoint? next = rest.Endpoints
            .Where(each => engine.Networks.Find(each.Network) is { Record.Internal: false })
            .OrderBy(static each => each.Name, StringComparer.Ordinal).FirstOrDefault();
        if (next is not null && engine.Networks.Find(next.Network) is { } network)
        {
            space.SetDefault(next.ToEndpoint(network.Plan));
            rest = rest with { Endpoints = [.. rest.Endpoints.Select(each => each == next ? each with { IsDefaultRoute = true } : each)] };
        }
    }

    private void Record(ContainerRow now, ContainerRecord record, NetworkChoice before, IReadOnlyList<NetworkAttachment> attachments)
    {
        string mode = attachments.Count == 0 ? NetworkRow.None : attachments.Any(each => each.Network == before.Mode) ? before.Mode : attachments[0].Network;
        RunRequest request = record.Request! with { Network = mode, Networks = attachments };
        engine.Containers.Describe(now.Id, ContainerJson.Write(record with { Request = request }));
    }
}
