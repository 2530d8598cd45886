// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Configuration;
using Tare.Linux;
using Tare.Linux.Sockets;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>The host's ports of one container: each is open here, so that nobody else takes it while the container runs.</summary>
/// <remarks>
/// What the packet filter sends on never gets so far; the rest, such as what comes by IPv6 for a container without, the keeper
/// relays. Owned by who made it.
/// </remarks>
internal sealed class PortSockets : IDisposable
{
    private const int Tries = 20;
    private const string Sctp = "sctp";
    private readonly List<(PublishedPort Port, Fd? Socket)> _taken = [];
    private readonly PortsMode _mode;
    private readonly HashSet<string> _inherited;

    /// <param name="mode">of ports that do not say</param>
    /// <param name="inherited">that the container has already and gives up: their sockets stay with its keeper</param>
    public PortSockets(PortsMode mode, IEnumerable<LivePort>? inherited = null) =>
        (_mode, _inherited) = (mode, [.. (inherited ?? []).Select(static port => port.Id)]);

    /// <summary>All that were taken, each with its socket; lent. Of some protocols there is none, nor of what is inherited.</summary>
    public IReadOnlyList<(PublishedPort Port, Fd? Socket)> Taken => _taken;

    /// <summary>Binds a port of the host for each address of the container that it can lead to.</summary>
    /// <param name="request">which</param>
    /// <param name="binding">the host's address where the request names none; null: all of them</param>
    /// <param name="targets">the container's addresses, one of a family at most</param>
    /// <exception cref="TareException">Conflict: the port is in use</exception>
    public IReadOnlyList<PublishedPort> Take(PortRequest request, IPAddress? binding, IReadOnlyList<IPAddress> targets)
    {
        IPAddress? host = request.HostAddress is { } text ? IPAddress.Parse(text) : binding;
        (IPAddress Host, IPAddress Target)[] pairs = Pairs(host, targets, request.Protocol);

        int last = Math.Max(request.HostPort, request.LastHostPort);
        Errno error = Errno.None;
        for (int port = request.HostPort, tries = 0; port <= last || (request.HostPort == 0 && tries < Tries); port += request.HostPort == 0 ? 0 : 1, tries++)
        {
            if (TryTakeAll(request, pairs, port, out IReadOnlyList<PublishedPort> taken) is var refusal && refusal == Errno.None)
            {
                return taken;
            }

            error = refusal;
        }

        throw Refused(request, pairs[0].Host, error);
    }

    public void Dispose() => _taken.ForEach(static taken => taken.Socket?.Dispose());

    /// <summary>Opens the socket of a port again, for a keeper whose predecessor died with it.</summary>
    /// <returns>null: somebody else has it, or there are none of its protocol</returns>
    public static Fd? TryReopen(PublishedPort port)
    {
        List<(PublishedPort Port, Fd? Socket)> opened = [];
        return TryOpen(port.Protocol, port.HostAddress, port.HostPort, port.Target, port.TargetPort, opened).Error == Errno.None ? opened[0].Socket : null;
    }

    /// <summary>Each of the host's addresses with one of the container's, of the same family where there is one.</summary>
    private static (IPAddress Host, IPAddress Target)[] Pairs(IPAddress? host, IReadOnlyList<IPAddress> targets, string protocol)
    {
        IPAddress[] hosts = host is not null ? [host] : [IPAddress.Any, IPAddress.IPv6Any];
        return
        [
            .. hosts.Select(each => (each, targets.FirstOrDefault(target => target.AddressFamily == each.AddressFamily) ?? targets[0]))
                .Where(pair => protocol != Sctp || pair.each.AddressFamily == pair.Item2.AddressFamily),
        ];
    }

    /// <summary>What is said of a port that somebody has.</summary>
    public static TareException InUse(string protocol, IPAddress host, int port) => new(
        ErrorKind.Conflict,
        $"failed to bind host port {Where(host, port)}/{protocol}: address already in use",
        "see who has it with: ss -lptn; or publish at another port");

    private static TareException Refused(PortRequest request, IPAddress host, Errno error) => error == Errno.EADDRINUSE
        ? InUse(request.Protocol, host, request.HostPort)
        : new(ErrorKind.FailedPrecondition, $"failed to bind host port {Where(host, request.HostPort)}/{request.Protocol}: {error.Explain()}");

    private static string Where(IPAddress host, int port) => new IPEndPoint(host, port).ToString();

    /// <summary>The same port for both families, or none.</summary>
    private Errno TryTakeAll(PortRequest request, (IPAddress Host, IPAddress Target)[] pairs, int port, out IReadOnlyList<PublishedPort> taken)
    {
        List<(PublishedPort Port, Fd? Socket)> opened = [];
        taken = [];
        foreach ((IPAddress host, IPAddress target) in pairs)
        {
            (Errno error, int number) = TryInherit(request.Protocol, host, port, target, request.TargetPort, opened)
                ? (Errno.None, port)
                : TryOpen(request.Protocol, host, port, target, request.TargetPort, opened);
            bool isMissing = error is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL && host.Equals(IPAddress.IPv6Any);
            if (error != Errno.None && !isMissing)
            {
                opened.ForEach(static each => each.Socket?.Dispose());
                return error;
            }

            port = isMissing ? port : number;
        }

        bool isBehind = (request.Mode ?? _mode) == PortsMode.Firewall && request.Protocol != Sctp;
        opened = [.. opened.Select(each => (each.Port with { BehindFirewall = isBehind }, each.Socket))];
        _taken.AddRange(opened);
        taken = [.. opened.Select(static each => each.Port)];
        return Errno.None;
    }

    private bool TryInherit(string protocol, IPAddress host, int port, IPAddress target, int targetPort, List<(PublishedPort Port, Fd? Socket)> opened)
    {
        var published = new PublishedPort(protocol, host, port, target, targetPort);
        bool isOurs = _inherited.Remove(LivePort.Of(published).Id);
        if (isOurs)
        {
            opened.Add((published, null));
        }

        return isOurs;
    }

    private static (Errno Error, int Port) TryOpen(
        string protocol, IPAddress host, int port, IPAddress target, int targetPort, List<(PublishedPort Port, Fd? Socket)> opened)
    {
        if (protocol == Sctp)
        {
            // two containers still cannot have it: the packet filter takes a port once
            opened.Add((new(protocol, host, port, target, targetPort), null));
            return (port == 0 ? Errno.EOPNOTSUPP : Errno.None, port);
        }

        try
        {
            var end = new InetEnd(InetAddress.Of(host), (ushort)port);
            Fd socket = protocol == "udp" ? InetSocket.BindDatagram(end) : InetSocket.Listen(end);
            int number = InetSocket.LocalEnd(socket).Port;
            opened.Add((new(protocol, host, number, target, targetPort), socket));
            return (Errno.None, number);
        }
        catch (LinuxException refused)
        {
            return (refused.Errno, 0);
        }
    }
}
