// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>The host's ports of one container: each is bound, so that nobody else takes it while the container runs.</summary>
/// <remarks>Nothing listens there: what comes is sent on by the packet filter before it gets so far. Owned by who made it.</remarks>
internal sealed class PortSockets : IDisposable
{
    private const int Tries = 20;
    private const string Sctp = "sctp";
    private readonly List<Fd> _sockets = [];

    /// <summary>Keeps them bound as long as they are open. Lent.</summary>
    public IReadOnlyList<Fd> Sockets => _sockets;

    /// <summary>Binds a port of the host for each address of the container that it can lead to.</summary>
    /// <param name="request">which</param>
    /// <param name="binding">the host's address where the request names none; null: all of them</param>
    /// <param name="targets">the container's addresses, one of a family at most</param>
    /// <exception cref="TareException">Conflict: the port is in use</exception>
    public IReadOnlyList<PublishedPort> Take(PortRequest request, IPAddress? binding, IReadOnlyList<IPAddress> targets)
    {
        IPAddress? host = request.HostAddress is { } text ? IPAddress.Parse(text) : binding;
        (IPAddress Host, IPAddress Target)[] pairs =
        [
            .. targets
                .Where(target => host is null || host.AddressFamily == target.AddressFamily)
                .Select(target => (host ?? (target.GetAddressBytes().Length == 4 ? IPAddress.Any : IPAddress.IPv6Any), target)),
        ];
        if (pairs.Length == 0)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                $"cannot publish port {request.TargetPort}/{request.Protocol} at {host}: the container has no address of that family",
                "put it on a network made with --ipv6");
        }

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

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    private static TareException Refused(PortRequest request, IPAddress host, Errno error)
    {
        string where = $"{(host.GetAddressBytes().Length == 4 ? host.ToString() : $"[{host}]")}:{request.HostPort}";
        return error == Errno.EADDRINUSE
            ? new(
                ErrorKind.Conflict,
                $"failed to bind host port {where}/{request.Protocol}: address already in use",
                "see who has it with: ss -lptn; or publish at another port")
            : new(ErrorKind.FailedPrecondition, $"failed to bind host port {where}/{request.Protocol}: {error.Explain()}");
    }

    /// <summary>The same port for both families, or none.</summary>
    private Errno TryTakeAll(PortRequest request, (IPAddress Host, IPAddress Target)[] pairs, int port, out IReadOnlyList<PublishedPort> taken)
    {
        List<Fd> bound = [];
        List<PublishedPort> ports = [];
        taken = ports;
        foreach ((IPAddress host, IPAddress target) in pairs)
        {
            (Errno error, int number) = TryBind(request.Protocol, host, port, bound);
            if (error != Errno.None)
            {
                bound.ForEach(static socket => socket.Dispose());
                return error;
            }

            port = number;
            ports.Add(new(request.Protocol, host, number, target, request.TargetPort));
        }

        _sockets.AddRange(bound);
        return Errno.None;
    }

    private static (Errno Error, int Port) TryBind(string protocol, IPAddress host, int port, List<Fd> bound)
    {
        if (protocol == Sctp && port != 0)
        {
            // no such sockets are made here: two containers still cannot have one, as the packet filter takes it once
            return (Errno.None, port);
        }

        var end = new InetEnd(InetAddress.Of(host), (ushort)port);
        Fd socket = InetSocket.Create(end.Address.IsV6, protocol == "udp" ? SocketKind.Datagram : SocketKind.Stream);
        Errno error = InetSocket.TryBind(socket, end);
        if (error != Errno.None)
        {
            socket.Dispose();
            return (error, 0);
        }

        bound.Add(socket);
        return (Errno.None, InetSocket.LocalEnd(socket).Port);
    }
}
