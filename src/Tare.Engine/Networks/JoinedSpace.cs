// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>A network namespace that somebody else made and keeps at a path: <c>--network ns:PATH</c>.</summary>
/// <remarks>Nothing of it is made or removed here. Whose it is nobody can tell for sure, so the container is in the host's user namespace.</remarks>
internal static class JoinedSpace
{
    private const string NetworkMode = "the network namespace path mode";

    /// <summary>What <c>ip netns add</c> keeps there it gives a resolv.conf in <see cref="SettingsFolder"/>. man ip-netns(8)</summary>
    private static readonly string[] NamedFolders = ["/run/netns/", "/var/run/netns/"];

    private const string SettingsFolder = "/etc/netns";

    /// <summary>What belongs to a network namespace is its owner's.</summary>
    /// <exception cref="TareException">InvalidArgument: that is asked for, or the path is none</exception>
    public static void RefuseOwn(RunRequest request, string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"invalid network namespace path: {Quoted.Text(path)}", "want an absolute path: --network ns:/run/netns/NAME");
        }

        string? own = request.Ports.Count > 0 || request.PublishAll ? "port publishing"
            : request.Links.Count > 0 ? "links"
            : request.Networks.Any(each => each.Network != NetworkChoice.PathPrefix + path) ? "further networks"
            : request.Networks.Any(static each => (each.Ip ?? each.Ip6 ?? each.Mac) is not null || each.Aliases.Count > 0) ? "addresses and aliases"
            : null;
        if (own is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"conflicting options: {own} and {NetworkMode}", "it belongs to whoever made the namespace");
        }
    }

    /// <summary>It is there, and is one.</summary>
    /// <exception cref="TareException">NotFound; InvalidArgument: it is something else; PermissionDenied</exception>
    public static void Check(string path)
    {
        try
        {
            using Fd file = HostPath.TryOpen(path, OpenFlags.Path)
                ?? throw new TareException(ErrorKind.NotFound, $"network namespace {path}: no such file", "make one with: ip netns add NAME");
            if (!NetworkSpace.Is(file))
            {
                throw new TareException(ErrorKind.InvalidArgument, $"{path} is not a network namespace", "want /proc/PID/ns/net, or what: ip netns add NAME makes in /run/netns");
            }
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.PermissionDenied, $"network namespace {path}: {refused.Errno.Explain()}", null, refused);
        }
    }

    /// <summary>Where the resolvers stand that a container without a network of its own asks.</summary>
    public static string ResolverFileOf(RunRequest request)
    {
        const string OfHost = "/etc/resolv.conf";
        string path = NetworkChoice.Of(request).Path ?? "";
        string? folder = Array.Find(NamedFolders, folder => path.StartsWith(folder, StringComparison.Ordinal));
        string? own = folder is null ? null : $"{SettingsFolder}/{path[folder.Length..]}/resolv.conf";
        return own is not null && HostPath.TryStatus(own) is not null ? own : OfHost;
    }
}
