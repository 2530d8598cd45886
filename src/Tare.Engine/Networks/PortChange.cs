// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Other ports for a container that runs. The caller holds its operation.</summary>
/// <remarks>
/// What is new is made first, then the caller records what is wanted, then what is over ends: until the record is written all of
/// it can be taken back, and afterwards whoever comes by can finish it (<see cref="EndUnrecorded"/>). The run folder knows of
/// everything that there may be at any moment.
/// </remarks>
internal sealed class PortChange : IDisposable
{
    private readonly TareEngine _engine;
    private readonly ContainerRow _row;
    private readonly RunRequest _request;
    private readonly Fd _folder;
    private readonly LiveNetworks _before;
    private readonly List<LivePort> _ended;
    private readonly PortSockets _sockets;
    private readonly NetlinkSocket _filter = NetlinkSocket.OpenFilter();
    private LiveNetworks _now;
    private IReadOnlyList<LivePort> _known;

    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="request">what was asked of it, but for ports</param>
    /// <param name="folder">its run folder, owned from now on</param>
    /// <param name="ended">of its ports those that are to end</param>
    public PortChange(TareEngine engine, ContainerRow row, RunRequest request, Fd folder, IEnumerable<LivePort> ended)
    {
        (_engine, _row, _request, _folder) = (engine, row, request, folder);
        _before = _now = LiveNetworks.TryRead(folder) ?? new();
        _known = _before.Ports;
        _ended = [.. ended];
        _sockets = new PortSockets(engine.Configuration.PortsMode, _ended);
    }

    private PortRules Rules => new(_engine.Folders, _filter);

    /// <summary>From now on these lead to the container too; what they take over from ports that are to end is theirs.</summary>
    /// <exception cref="TareException">one is in use; nothing was changed</exception>
    public void Make(IReadOnlyList<PortRequest> added)
    {
        if (added.Count == 0)
        {
            return;
        }

        LiveEndpoint place = _before.Endpoints.FirstOrDefault(static each => each is { IsDefaultRoute: true, Driver: NetworkPlan.Bridge })
            ?? throw new TareException(
                ErrorKind.FailedPrecondition, $"container {_row.Name}: none of its networks leads outside by this host, so no port of the host can lead to it");
        IPAddress? binding = _engine.Networks.Find(place.Network)?.Plan.HostBinding;
        List<IPAddress> targets = [.. place.Addresses.Select(static each => IPAddress.Parse(each.Address))];
        foreach (PortRequest port in added)
        {
            _sockets.Take(port, binding, targets);
        }

        RefuseForeign();
        List<LivePort> taken = [.. _sockets.Taken.Select(static each => LivePort.Of(each.Port))];
        HashSet<string> ids = [.. taken.Select(static port => port.Id)];
        _ended.RemoveAll(port => ids.Contains(port.Id));
        LiveNetworks both = _before with { Ports = [.. _before.Ports.Where(port => !ids.Contains(port.Id)), .. taken] };
        _known = [.. _before.Ports, .. taken];
        (_before with { Ports = _known }).Write(_folder);
        try
        {
            Change(both, _sockets);
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>Something of it could not be taken back: whoever comes next does.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>As before <see cref="Make"/>.</summary>
    public void TakeBack()
    {
        IsLeft = true;
        if (_now != _before)
        {
            Change(_before, isLast: true);
        }

        IsLeft = false;
    }

    /// <summary>What is over ends.</summary>
    public void End()
    {
        // also when nothing ends: what is written down knows what was led elsewhere
        if (_ended.Count > 0 || _now != _before)
        {
            Change(_now with { Ports = [.. _now.Ports.Except(_ended)] }, isLast: true);
        }
    }

    /// <summary>What leads to a running container and is not recorded ends: who was at it died.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container, whose operation the caller holds</param>
    public static void EndUnrecorded(TareEngine engine, ContainerRow row)
    {
        Fd? folder = engine.Folders.TryOpenLive(row.Id.Text);
        if (folder is null || LiveNetworks.TryRead(folder) is not { } live || !StatusReader.Read(engine, row).IsLive
            || ContainerJson.ReadRecord(row).Request is not { } request)
        {
            folder?.Dispose();
            return;
        }

        List<LivePort> ended = Unrecorded(live.Ports, [.. PortTexts.Published(request, ImageOf(engine, row))], engine.Configuration.PortsMode);
        using var change = new PortChange(engine, row, request, folder, ended);

        // also without any: what serves may not have heard of it
        change.Change(live with { Ports = [.. live.Ports.Except(ended)] }, isLast: true);
        if (ended.Count > 0)
        {
            // what it had led elsewhere already
            change.Rules.Add([], [.. change._now.Published()]);
        }
    }

    /// <summary>What nobody asked for; of a port that was about to lead elsewhere, or in the other mode, what was not asked for last.</summary>
    /// <param name="live">what may lead to the container</param>
    /// <param name="wanted">what is recorded</param>
    /// <param name="mode">of ports that do not say</param>
    internal static List<LivePort> Unrecorded(IReadOnlyList<LivePort> live, IReadOnlyList<PortRequest> wanted, PortsMode mode)
    {
        List<LivePort> ended = [.. PortUpdate.None.Ended(live, wanted)];
        foreach (IGrouping<string, LivePort> twice in live.Except(ended).GroupBy(static port => port.Id).Where(static group => group.Skip(1).Any()).ToList())
        {
            LivePort kept = twice.FirstOrDefault(port => wanted.Any(
                each => each.Means(port) && (each.Mode ?? mode) == PortsMode.Firewall == port.BehindFirewall)) ?? twice.First();
            ended.AddRange(twice.Where(port => port != kept));
        }

        return ended;
    }

    /// <summary>What the image of a container exposes.</summary>
    public static IReadOnlyList<string>? ImageOf(TareEngine engine, ContainerRow row) =>
        engine.Images.FindManifest(Digest.Parse(row.Manifest))?.Config.Config?.ExposedPorts;

    public void Dispose()
    {
        _filter.Dispose();
        _sockets.Dispose();
        _folder.Dispose();
    }

    private void Change(LiveNetworks to, PortSockets? sockets = null, bool isLast = false)
    {
        // also what came to nothing half-way is taken back from where it was to lead
        (LiveNetworks from, _now) = (_now, to);
        try
        {
            Rules.Replace([.. from.Possible()], [.. to.Published()], () =>
            {
                LiveServing.Serve(_engine, _row, _request, _folder, to, null, sockets, _known);
                if (isLast)
                {
                    // until then whoever finds what is over has to end it
                    to.Write(_folder);
                }
            });
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"change the ports of container {_row.Name}: {refused.Message}", null, refused);
        }
    }

    /// <summary>Of protocols without sockets the packet filter alone knows who has a port.</summary>
    private void RefuseForeign()
    {
        var firewall = new StoreFirewall(_engine.Folders.StoreId);
        HashSet<string> own = [.. _ended.Select(static port => port.Id)];
        PublishedPort? busy = _sockets.Taken.Where(each => each.Socket is null && !own.Contains(LivePort.Of(each.Port).Id))
            .Select(static each => each.Port).FirstOrDefault(port => firewall.Has(_filter, port));
        if (busy is not null)
        {
            throw PortSockets.InUse(busy.Protocol, busy.HostAddress, busy.HostPort);
        }
    }
}
