// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Ports in the packet filter of the host, and the way back of what containers answer to clients that keepers show them.</summary>
/// <remarks>
/// That way is there from the first such port of a store to the last. Who makes or ends one holds the folder of all networks locked,
/// so that nobody takes away what another needs. No lock is taken while it is held.
/// </remarks>
/// <param name="folders">of the store</param>
/// <param name="filter">lent: packet filter of the host</param>
internal sealed class PortRules(EngineFolders folders, NetlinkSocket filter)
{
    private const uint OwnerOnly = 0b111_000_000;
    private readonly StoreFirewall _firewall = new(folders.StoreId);
    private readonly AnswerPath _path = new(folders.StoreId);

    /// <summary>A container's packets pass, and ports lead to it.</summary>
    /// <exception cref="TareException">FailedPrecondition: the host has no way back for answers</exception>
    public void Add(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<PublishedPort> ports)
    {
        using FileLock? alone = Lock(ports);
        if (alone is not null)
        {
            MakePath();
        }

        _firewall.Add(filter, endpoints, ports);
    }

    /// <summary>They do not any more; what is not there is no error.</summary>
    public void Remove(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<PublishedPort> ports)
    {
        using FileLock? alone = Lock(ports);
        _firewall.Remove(filter, endpoints, ports);
        if (alone is not null)
        {
            EndPath();
        }
    }

    /// <summary>A container that runs has other ports from now on.</summary>
    /// <exception cref="TareException">FailedPrecondition: the host has no way back for answers</exception>
    /// <exception cref="LinuxException">EEXIST: one leads to another container; nothing was changed</exception>
    public void Replace(IReadOnlyCollection<PublishedPort> before, IReadOnlyCollection<PublishedPort> after)
    {
        using FileLock? alone = Lock([.. before, .. after]);
        if (after.Any(static port => port.IsTransparent))
        {
            MakePath();
        }

        _firewall.Replace(filter, before, after);
        if (alone is not null)
        {
            EndPath();
        }
    }

    /// <summary>What is wrong with the way back.</summary>
    /// <param name="ports">of all containers</param>
    /// <returns>null: nothing</returns>
    public string? PathFault(IEnumerable<PublishedPort> ports)
    {
        using NetlinkSocket host = NetlinkSocket.Open();
        bool isWanted = ports.Any(static port => port.IsTransparent);
        return _path.Look(host) switch
        {
            (true, _) when !isWanted => "no port in mode firewall needs it",
            (_, false) when isWanted => "answers of ports in mode firewall need it, and it is not whole",
            _ => null,
        };
    }

    /// <summary>How the way back is called where people list rules and routes.</summary>
    public string PathName => $"mark {_path.Name}";

    /// <summary>Makes the way back as it should be.</summary>
    /// <param name="ports">of all containers</param>
    public void RepairPath(IEnumerable<PublishedPort> ports)
    {
        using FileLock alone = Lock();
        if (ports.Any(static port => port.IsTransparent))
        {
            MakePath();
        }
        else
        {
            EndPath();
        }
    }

    private FileLock? Lock(IEnumerable<PublishedPort> ports) => ports.Any(static port => port.IsTransparent) ? Lock() : null;

    private FileLock Lock()
    {
        using Fd folder = HostPath.MakeDirectories($"{folders.Run}/networks", OwnerOnly);
        return FileLock.Take(folder);
    }

    private void MakePath()
    {
        try
        {
            using NetlinkSocket host = NetlinkSocket.Open();
            _firewall.EnsureAnswers(filter, _path.Mark);
            _path.Ensure(host);
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

    private void EndPath()
    {
        if (_firewall.HasNoAnswers(filter))
        {
            using NetlinkSocket host = NetlinkSocket.Open();
            _path.Remove(host);
        }
    }
}
