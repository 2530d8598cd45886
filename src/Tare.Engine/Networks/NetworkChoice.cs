// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Which networks a container is on, as far as what was asked decides it.</summary>
/// <param name="Mode">what inspect shows: none, host, or the first network</param>
/// <param name="Attachments">none with the modes none and host</param>
internal sealed record NetworkChoice(string Mode, IReadOnlyList<NetworkAttachment> Attachments)
{
    /// <summary>Before the name of a container whose network is joined.</summary>
    public const string ContainerPrefix = "container:";

    /// <summary>Before the path of a network namespace that is joined.</summary>
    public const string PathPrefix = "ns:";

    /// <summary>It has, or may get, a network namespace of its own.</summary>
    public bool HasOwn => !IsHost && Joined is null && Path is null;

    /// <summary>Of the network namespace that is joined; null: none.</summary>
    public string? Path => Mode.StartsWith(PathPrefix, StringComparison.Ordinal) ? Mode[PathPrefix.Length..] : null;

    public bool IsHost => Mode == NetworkRow.Host;

    /// <summary>Name or id of the container whose network is joined; null: none.</summary>
    public string? Joined => Mode.StartsWith(ContainerPrefix, StringComparison.Ordinal) ? Mode[ContainerPrefix.Length..] : null;

    /// <param name="request">what was asked</param>
    /// <exception cref="TareException">InvalidArgument: modes and networks together; NotSupported</exception>
    public static NetworkChoice Of(RunRequest request)
    {
        string mode = request.Network is null or "" or "default" ? NetworkRow.Default : request.Network;
        IReadOnlyList<NetworkAttachment> asked = request.Networks;
        if (mode is NetworkRow.None or NetworkRow.Host)
        {
            return asked.Any(each => each.Network != mode)
                ? throw new TareException(ErrorKind.InvalidArgument, $"conflicting options: cannot attach both user-defined and non-user-defined network-modes ({mode})")
                : new(mode, []);
        }

        if (mode.StartsWith(ContainerPrefix, StringComparison.Ordinal))
        {
            RefuseOwn(request);
            return new(mode, []);
        }

        if (mode.StartsWith(PathPrefix, StringComparison.Ordinal))
        {
            JoinedSpace.RefuseOwn(request, mode[PathPrefix.Length..]);
            return new(mode, []);
        }

        return new(mode, asked.Count > 0 ? asked : [new NetworkAttachment(mode)]);
    }

    /// <summary>What belongs to a network namespace is the other container's.</summary>
    private static void RefuseOwn(RunRequest request)
    {
        string? own = request.Hostname is not null ? "hostname"
            : request.Ports.Count > 0 || request.PublishAll ? "port publishing"
            : request.Exposed.Count > 0 ? "port exposing"
            : request.Dns.Count > 0 ? "dns"
            : request.ExtraHosts.Count > 0 ? "custom host-to-IP mapping"
            : request.Links.Count > 0 ? "links"
            : request.Networks.Any(static each => each.Mac is not null) ? "mac-address"
            : null;
        if (own is not null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"conflicting options: {own} and the container type network mode", "give it to the container whose network is joined");
        }
    }
}
