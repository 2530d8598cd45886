// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Ports in the packet filter of the host, and the way back of what containers answer to clients that keepers show them.</summary>
/// <remarks>
/// That way is there from the first such port of a store to the last. Who makes or ends one has the <see cref="FilterLock"/> alone,
/// so that nobody takes away what another needs. No lock is taken while it is held.
/// </remarks>
/// <param name="folders">of the store</param>
/// <param name="filter">lent: packet filter of the host</param>
internal sealed class PortRules(EngineFolders folders, NetlinkSocket filter)
{
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];
    private readonly StoreFirewall _firewall = new(folders.StoreId);
    private readonly AnswerPath[] _paths =
        [new(folders.StoreId, AddressFamily.InterNetwork), new(folders.StoreId, AddressFamily.InterNetworkV6)];

    /// <summary>A container's packets pass, and ports lead to it.</summary>
    /// <exception cref="TareException">FailedPrecondition: the host has no way back for answers</exception>
    public void Add(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<PublishedPort> ports)
    {
        using FileLock? alone = HasTransparent(ports) ? FilterLock.TakeAlone(folders) : null;
        Fill(endpoints, ports);
    }

    /// <summary>As <see cref="Add"/>, for who has the lock alone.</summary>
    public void Fill(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<PublishedPort> ports)
    {
        MakePaths(ports);
        _firewall.Add(filter, endpoints, ports);
    }

    /// <summary>They do not any more; what is not there is no error.</summary>
    /// <param name="endpoints">of the container</param>
    /// <param name="ports">that lead to it</param>
    /// <param name="record">makes the run folder say so, before anybody can make anew what it said before</param>
    public void Remove(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<PublishedPort> ports, Action record)
    {
        bool isAlone = HasTransparent(ports);
        using FileLock? held = Lock(isAlone);
        _firewall.Remove(filter, endpoints, ports);
        foreach (IPAddress target in ports.Where(IsStream).Select(static port => port.Target).Distinct())
        {
            Forget(target, null);
        }

        if (isAlone)
        {
            EndPaths();
        }

        record();
    }

    /// <summary>A container that runs has other ports from now on.</summary>
    /// <param name="before">those that led to it</param>
    /// <param name="after">those that lead to it</param>
    /// <param name="record">as of <see cref="Remove"/></param>
    /// <exception cref="TareException">FailedPrecondition: the host has no way back for answers</exception>
    /// <exception cref="LinuxException">EEXIST: one leads to another container; nothing was changed</exception>
    public void Replace(IReadOnlyCollection<PublishedPort> before, IReadOnlyCollection<PublishedPort> after, Action record)
    {
        bool isAlone = HasTransparent(before) || HasTransparent(after);
        using FileLock? held = Lock(isAlone);
        MakePaths(after);
        _firewall.Replace(filter, before, after);
        foreach (PublishedPort port in before.Where(IsStream).Except(after))
        {
            Forget(port.Target, (port.HostPort, port.TargetPort));
        }

        if (isAlone)
        {
            EndPaths();
        }

        record();
    }

    /// <summary>What is wrong with the way back.</summary>
    /// <param name="ports">of all containers</param>
    /// <returns>null: nothing</returns>
    public string? PathFault(IReadOnlyCollection<PublishedPort> ports)
    {
        using NetlinkSocket host = NetlinkSocket.Open();
        return Families.Select((family, i) => _paths[i].Look(host) switch
        {
            (true, _) when !Wants(ports, family) => "no port in mode firewall needs it",
            (_, false) when Wants(ports, family) => "answers of ports in mode firewall need it, and it is not whole",
            _ => null,
        }).FirstOrDefault(static fault => fault is not null);
    }

    /// <summary>How the way back is called where people list rules and routes.</summary>
    public string PathName => $"mark {AnswerPath.NameOf(folders.StoreId)}";

    /// <summary>Makes the way back as it should be.</summary>
    /// <param name="ports">of all containers</param>
    public void RepairPath(IReadOnlyCollection<PublishedPort> ports)
    {
        using FileLock? alone = FilterLock.TakeAlone(folders);
        EndPaths();
        MakePaths(ports);
    }

    /// <summary>Of datagrams the kernel sends on what comes without a pause, whatever the rules say meanwhile.</summary>
    private static bool IsStream(PublishedPort port) => port is { Protocol: "udp", IsRelayed: false };

    private void Forget(IPAddress target, (int, int)? ports)
    {
        try
        {
            ConnectionTable.Forget(filter, PublishedPort.NumberOf("udp"), target, ports);
        }
        catch (LinuxException)
        {
            // a kernel that cannot choose: it forgets by itself after the first pause
        }
    }

    private FileLock? Lock(bool alone) => alone ? FilterLock.TakeAlone(folders) : FilterLock.Share(folders);

    private static bool HasTransparent(IEnumerable<PublishedPort> ports) => ports.Any(static port => port.IsTransparent);

    private static bool Wants(IEnumerable<PublishedPort> ports, AddressFamily family) =>
        ports.Any(port => port.IsTransparent && port.Target.AddressFamily == family);

    private void MakePaths(IReadOnlyCollection<PublishedPort> ports)
    {
        if (!HasTransparent(ports))
        {
            return;
        }

        try
        {
            using NetlinkSocket host = NetlinkSocket.Open();
            _firewall.EnsureAnswers(filter, AnswerPath.MarkOf(folders.StoreId));
            for (int i = 0; i < Families.Length; i++)
            {
                if (Wants(ports, Families[i]))
                {
                    _paths[i].Ensure(host);
                }
            }
        }
        catch (LinuxException refused)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                $"show clients' addresses at ports in mode firewall: {refused.Message}",
                refused.Errno == Errno.EEXIST
                    ? $"see who uses {PathName} with: ip rule; or publish in mode nat"
                    : "the kernel may be without nft_socket or routing rules; publish in mode nat",
                refused);
        }
    }

    private void EndPaths()
    {
        using NetlinkSocket host = NetlinkSocket.Open();
        for (int i = 0; i < Families.Length; i++)
        {
            if (!_firewall.HasAnswers(filter, Families[i]))
            {
                _paths[i].Remove(host);
            }
        }
    }
}
