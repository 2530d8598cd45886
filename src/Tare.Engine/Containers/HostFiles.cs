// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Networks;
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

    /// <summary>Writes the files.</summary>
    /// <param name="folder">the container's run folder</param>
    /// <param name="names">what the container calls itself and others</param>
    /// <param name="resolvers">its resolv.conf</param>
    public static void Write(Fd folder, HostNames names, string resolvers)
    {
        Put(folder, "resolv.conf", Encoding.UTF8.GetBytes(resolvers));
        Put(folder, "hostname", Encoding.UTF8.GetBytes(names.Hostname + "\n"));
        Put(folder, "hosts", Encoding.UTF8.GetBytes(names.Hosts));
    }

    /// <summary>A file of the host's; empty when there is none.</summary>
    public static string ReadHosts(string path) => Encoding.UTF8.GetString(HostPath.TryReadAll(path, MaxHostFile) ?? []);

    /// <summary>Replaces the content of a file that the container has mounted.</summary>
    public static void Rewrite(Fd folder, string name, string text)
    {
        using Fd file = folder.Open(Encoding.ASCII.GetBytes(name), OpenFlags.WriteOnly | OpenFlags.NoFollow);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }

    private static void Put(Fd folder, string name, byte[] content)
    {
        using Fd file = folder.Open(
            Encoding.ASCII.GetBytes(name), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, WorldReadable);
        file.SetMode(WorldReadable);
        file.Write(content);
    }
}
