// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Ports that a container is to have from now on, and others that it is to have no longer.</summary>
/// <param name="Added">as <c>-p</c> says them</param>
/// <param name="Removed">each chooses among those that there are: by the container's port, and by the host's where it names one</param>
internal sealed record PortUpdate(IReadOnlyList<PortRequest> Added, IReadOnlyList<PortRequest> Removed)
{
    public static PortUpdate None { get; } = new([], []);

    public bool IsEmpty => Added.Count + Removed.Count == 0;

    /// <summary>What is asked of the container from now on.</summary>
    /// <param name="request">what was asked before</param>
    /// <param name="name">of the container</param>
    /// <param name="image">what its image exposes</param>
    /// <param name="live">what leads to it now; of one that does not run nothing</param>
    /// <exception cref="TareException">NotFound: no such port is published; Conflict: it publishes that already; InvalidArgument</exception>
    public RunRequest ApplyTo(RunRequest request, string name, IReadOnlyList<string>? image, IReadOnlyList<LivePort> live)
    {
        if (IsEmpty)
        {
            return request;
        }

        var choice = NetworkChoice.Of(request);
        if (Added.Count > 0 && choice.Attachments.Count == 0)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"conflicting options: port publishing and the network mode {choice.Mode} of container {name}");
        }

        // one of many that were published together goes by itself only when each is named
        bool names = Removed.Count > 0 && request.PublishAll;
        List<PortRequest> ports = [.. names ? PortTexts.Published(request, image) : request.Ports];
        foreach (PortRequest chosen in Removed)
        {
            Remove(ports, chosen, name, live);
        }

        foreach (PortRequest port in Added)
        {
            ports.Add(ports.Exists(other => Meets(other, port)) ? throw Busy(port) : port);
        }

        return request with { Ports = ports, PublishAll = request.PublishAll && !names };
    }

    /// <summary>Of what leads to a container, what is not to lead there any more.</summary>
    /// <param name="live">what leads there now</param>
    /// <param name="wanted">all that is asked for</param>
    public IEnumerable<LivePort> Ended(IEnumerable<LivePort> live, IReadOnlyCollection<PortRequest> wanted) => live.Where(port =>
        Removed.Any(chosen => chosen.Means(port)) || !wanted.Any(each => each.Means(port)));

    private static void Remove(List<PortRequest> ports, PortRequest chosen, string name, IReadOnlyList<LivePort> live)
    {
        if (ports.RemoveAll(chosen.Chooses) > 0)
        {
            return;
        }

        // the host's port was for us to draw
        int drawn = live.Any(chosen.Means) ? ports.FindIndex(port => port.HostPort == 0 && (chosen with { HostPort = 0 }).Chooses(port)) : -1;
        if (drawn < 0)
        {
            throw new TareException(
                ErrorKind.NotFound,
                $"no public port '{NetworkInspection.Name(chosen.TargetPort, chosen.Protocol)}' published for {name}",
                $"see what is published with: tare inspect -f '{{{{json .HostConfig.PortBindings}}}}' {name}");
        }

        ports.RemoveAt(drawn);
    }

    private static bool Meets(PortRequest one, PortRequest other) => one.Protocol == other.Protocol && one.HostPort > 0 && one.HostPort == other.HostPort
        && one.LastHostPort == 0 && other.LastHostPort == 0
        && (one.HostAddress is null || other.HostAddress is null || one.HostAddress == other.HostAddress);

    private static TareException Busy(PortRequest port) =>
        PortSockets.InUse(port.Protocol, port.HostAddress is { } address ? IPAddress.Parse(address) : IPAddress.Any, port.HostPort);
}
