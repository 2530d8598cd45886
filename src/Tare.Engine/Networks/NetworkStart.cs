// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Containers;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Makes a container's networks while its first process makes the rest of it, and tells that process when they are complete.</summary>
/// <remarks>The process waits at a pipe whose other end is here alone: if this process dies, so does the container.</remarks>
internal sealed class NetworkStart : IDisposable
{
    private readonly Pipe _gate = new();
    private readonly TareEngine _engine;
    private readonly CreatedContainer _container;
    private readonly ContainerNetworks _networks;

    private NetworkStart(TareEngine engine, CreatedContainer container, ContainerNetworks networks) =>
        (_engine, _container, _networks) = (engine, container, networks);

    /// <summary>Whom its name server asks about the world; set before <see cref="Await"/>.</summary>
    public IReadOnlyList<IPAddress> Upstreams { get; set; } = [];

    /// <summary>Where the process waits. Lent.</summary>
    public Fd Gate => _gate.Reader;

    /// <summary>What the container has.</summary>
    public LiveNetworks Live => _networks.Live;

    /// <summary>Its resolv.conf names a name server of its own.</summary>
    public bool HasNameServer { get; private init; }

    /// <summary>Claims what the container is to have; null: it has no network, or the host's.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="container">that is started</param>
    /// <param name="live">its run folder, lent</param>
    /// <param name="hostResolvers">the host's resolv.conf</param>
    /// <exception cref="TareException">a network is not there, an address or a port is in use</exception>
    public static NetworkStart? Claim(TareEngine engine, CreatedContainer container, Fd live, string hostResolvers)
    {
        var choice = NetworkChoice.Of(container.Record.Request!);
        if (choice.Attachments.Count == 0)
        {
            return null;
        }

        var networks = ContainerNetworks.Claim(engine, container, choice, live);
        return new(engine, container, networks)
        {
            HasNameServer = networks.HasNames
                || (container.Record.Request!.Dns.Count == 0 && ResolverFile.HasOnlyLoopback(hostResolvers)),
        };
    }

    /// <summary>Waits for the process, makes its networks, and waits until it runs.</summary>
    /// <param name="session">of the starter</param>
    /// <param name="streams">as for <see cref="KeeperSession.WaitStarted"/></param>
    /// <exception cref="TareException">they could not be made; the container is gone</exception>
    public KeeperStart Await(KeeperSession session, SessionStreams? streams)
    {
        KeeperStart born = session.WaitBorn(streams);
        if (born.Failure is not null)
        {
            return born;
        }

        try
        {
            using NameSockets? names = _networks.Attach(born.Pid, HasNameServer);
            LiveServing.Begin(_engine, _container, _networks, names, Upstreams);
            _gate.Writer.Write("/"u8);
        }
        catch (LinuxException refused)
        {
            _gate.Dispose();
            if (session.WaitStarted(streams).Failure is { } failure && refused.Errno == Errno.ENOENT)
            {
                // it did not live to see its network: why, it says itself
                return new(0, failure);
            }

            throw new TareException(ErrorKind.FailedPrecondition, $"make the network of a container: {refused.Message}", null, refused);
        }
        catch
        {
            // the process ends by itself, and its keeper with it
            _gate.Dispose();
            throw;
        }

        return session.WaitStarted(streams);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _networks.Dispose();
    }
}
