// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Engine.Containers;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>What a container calls itself, and the names that its /etc/hosts knows.</summary>
/// <param name="Hostname">its own</param>
/// <param name="Hosts">the file</param>
internal sealed record HostNames(string Hostname, string Hosts)
{
    /// <summary>In the place of an address: that of the host as the container sees it.</summary>
    public const string HostGateway = "host-gateway";

    private const string LocalNames =
        """
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::0	ip6-localnet
        ff00::0	ip6-mcastprefix
        ff02::1	ip6-allnodes
        ff02::2	ip6-allrouters

        """;

    /// <param name="engine">whose it is</param>
    /// <param name="container">that is started</param>
    /// <param name="network">what it has claimed; null: nothing</param>
    public static HostNames Of(TareEngine engine, CreatedContainer container, NetworkStart? network) => new(
        container.Spec.Hostname!, Compose(engine, container.Record.Request!, container.Spec.Hostname!, network?.Live));

    /// <summary>The file of a container with these networks.</summary>
    public static string Compose(TareEngine engine, RunRequest request, string hostname, LiveNetworks? live)
    {
        bool isHosts = NetworkChoice.Of(request).IsHost;
        var text = new StringBuilder(isHosts && HostFiles.ReadHosts("/etc/hosts") is { Length: > 0 } ofHost ? ofHost : LocalNames);
        foreach (string line in request.ExtraHosts)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            text.Append(AddressOf(line[(colon + 1)..], live)).Append('\t').Append(line.AsSpan(0, colon)).Append('\n');
        }

        foreach (string link in LinkLines(engine, request, live))
        {
            text.Append(link).Append('\n');
        }

        string own = request.Domainname is { Length: > 0 } domain ? $"{hostname}.{domain} {hostname}" : hostname;
        if (NetworkChoice.Of(request).Path is not null)
        {
            // which addresses it has there nobody told us
            text.Append(IPAddress.Loopback).Append('\t').Append(own).Append('\n');
        }

        foreach (LiveAddress address in live?.Endpoints.SelectMany(static endpoint => endpoint.Addresses) ?? [])
        {
            text.Append(address.Address).Append('\t').Append(own).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Its resolv.conf.</summary>
    /// <param name="request">what was asked</param>
    /// <param name="hasNetworks">it has networks of its own</param>
    /// <param name="hasServer">it has a name server of its own</param>
    /// <param name="host">the host's file</param>
    public static ResolverFile Resolvers(RunRequest request, bool hasNetworks, bool hasServer, string host)
    {
        if (!hasNetworks && request.Dns.Count + request.DnsOptions.Count + request.DnsSearch.Count == 0)
        {
            return new(host, []);
        }

        bool isLoopback = host.Contains("127.0.0.53", StringComparison.Ordinal) && ResolverFile.HasOnlyLoopback(host);
        string known = isLoopback && HostFiles.ReadHosts(ResolverFile.BehindSystemd) is { Length: > 0 } behind ? behind : host;
        return ResolverFile.Compose(known, request.Dns, request.DnsSearch, request.DnsOptions, hasServer ? NameSockets.Address : null);
    }

    private static string AddressOf(string text, LiveNetworks? live) => text != HostGateway ? text
        : live?.Endpoints.SelectMany(static endpoint => endpoint.Addresses).FirstOrDefault() is { } first ? first.Gateway
        : IPAddress.Loopback.ToString();

    /// <summary>The containers of <c>--link</c> by their addresses, as on docker's default network.</summary>
    private static IEnumerable<string> LinkLines(TareEngine engine, RunRequest request, LiveNetworks? network)
    {
        foreach (string link in request.Links)
        {
            string[] parts = link.Split(':', 2);
            ContainerRow other = engine.Containers.Find(parts[0])
                ?? throw new TareException(ErrorKind.NotFound, $"could not get container for {parts[0]}: No such container: {parts[0]}");
            using Linux.Fd? folder = engine.Folders.TryOpenLive(other.Id.Text);
            LiveNetworks theirs = (folder is null ? null : LiveNetworks.TryRead(folder))
                ?? throw new TareException(ErrorKind.FailedPrecondition, $"cannot link to a non running container: /{other.Name}");
            LiveEndpoint shared = theirs.Endpoints.FirstOrDefault(endpoint => network?.Endpoints.Any(own => own.Network == endpoint.Network) == true)
                ?? throw new TareException(ErrorKind.FailedPrecondition, $"cannot link to {other.Name}: it is on none of this container's networks");
            string alias = parts.Length > 1 ? parts[1] : other.Name;
            foreach (LiveAddress address in shared.Addresses)
            {
                yield return $"{address.Address}\t{string.Join(' ', new[] { alias, other.Id.Short, other.Name }.Distinct())}";
            }
        }
    }
}
