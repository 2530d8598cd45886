// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Containers;

/// <summary>The three files of /etc that belong to the container and not to the image: hosts, hostname, resolv.conf.</summary>
/// <remarks>
/// They are made anew for each start, in the container's run folder, and bind-mounted; the image is never written.
/// </remarks>
internal static class HostFiles
{
    /// <summary>File names in the container's run folder, each with its place in the container.</summary>
    public static readonly (string Name, string Target)[] All =
    [
        ("resolv.conf", "/etc/resolv.conf"),
        ("hostname", "/etc/hostname"),
        ("hosts", "/etc/hosts"),
    ];

    private const int MaxHostFile = 1 << 20;
    private const uint WorldReadable = 0b110_100_100;

    private const string LocalNames =
        """
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::0	ip6-localnet
        ff00::0	ip6-mcastprefix
        ff02::1	ip6-allnodes
        ff02::2	ip6-allrouters

        """;

    /// <summary>Writes the files.</summary>
    /// <param name="folder">the container's run folder</param>
    /// <param name="hostname">what the container calls itself</param>
    /// <param name="hostNetwork">the container sees the host's network, and so the host's names</param>
    /// <param name="addHosts">lines of <c>name:address</c></param>
    public static void Write(Fd folder, string hostname, bool hostNetwork, IReadOnlyList<string> addHosts)
    {
        byte[] resolvers = HostPath.TryReadAll("/etc/resolv.conf", MaxHostFile) ?? [];
        Put(folder, "resolv.conf", resolvers);
        Put(folder, "hostname", Encoding.UTF8.GetBytes(hostname + "\n"));
        Put(folder, "hosts", Encoding.UTF8.GetBytes(Hosts(hostNetwork, addHosts)));
    }

    private static string Hosts(bool hostNetwork, IReadOnlyList<string> addHosts)
    {
        byte[]? ofHost = hostNetwork ? HostPath.TryReadAll("/etc/hosts", MaxHostFile) : null;
        var text = new StringBuilder(ofHost is null ? LocalNames : Encoding.UTF8.GetString(ofHost));
        foreach (string line in addHosts)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            text.Append(line.AsSpan(colon + 1)).Append('\t').Append(line.AsSpan(0, colon)).Append('\n');
        }

        return text.ToString();
    }

    private static void Put(Fd folder, string name, byte[] content)
    {
        using Fd file = folder.Open(
            Encoding.ASCII.GetBytes(name), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, WorldReadable);
        file.SetMode(WorldReadable);
        file.Write(content);
    }
}
