// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Engine.Networks;

/// <summary>The file in which the keepers of a network's containers look names up. Whoever changes it holds the network's lock.</summary>
internal static class NetworkNameFile
{
    public const string FileName = NameFiles.FileName;

    private static byte[] Name => Encoding.ASCII.GetBytes(FileName);

    /// <param name="folder">of the network, lent</param>
    /// <param name="network">its name</param>
    /// <param name="container">id; what it had before goes</param>
    /// <param name="names">of the container</param>
    /// <param name="addresses">one of a family at most</param>
    public static void Add(Fd folder, string network, string container, IReadOnlyList<string> names, IReadOnlyList<IPAddress> addresses)
    {
        var endpoint = new NamedEndpoint(container, Of(addresses, AddressFamily.InterNetwork), Of(addresses, AddressFamily.InterNetworkV6), names);
        NameFile.Write(folder, Name, new(network, [.. Read(folder).Where(other => other.ContainerId != container), endpoint]));
    }

    /// <summary>Nothing when it is not there.</summary>
    /// <param name="folder">of the network, lent</param>
    /// <param name="network">its name; null: as it was</param>
    /// <param name="container">id</param>
    public static void Remove(Fd folder, string? network, string container)
    {
        IReadOnlyList<NamedEndpoint> known = Read(folder, out string before);
        if (known.Any(other => other.ContainerId == container))
        {
            NameFile.Write(folder, Name, new(network ?? before, [.. known.Where(other => other.ContainerId != container)]));
        }
    }

    /// <summary>A container has another name from now on.</summary>
    public static void Rename(Fd folder, string network, string container, string before, string after)
    {
        IReadOnlyList<NamedEndpoint> known = Read(folder);
        NameFile.Write(folder, Name, new(network, [.. known.Select(each => each.ContainerId != container
            ? each
            : each with { Names = [after, .. each.Names.Where(name => name != before && name != after)] })]));
    }

    /// <summary>Ids of those that have names.</summary>
    public static IEnumerable<string> Containers(Fd folder) => Read(folder).Select(static each => each.ContainerId);

    /// <summary>Takes away what containers have that are not there.</summary>
    public static void RemoveStale(Fd folder, string network, Predicate<string> isThere)
    {
        foreach (string container in Containers(folder).Where(container => !isThere(container)))
        {
            Remove(folder, network, container);
        }
    }

    private static IReadOnlyList<NamedEndpoint> Read(Fd folder) => Read(folder, out _);

    private static IReadOnlyList<NamedEndpoint> Read(Fd folder, out string network)
    {
        NetworkNames? names = AtomicFile.TryRead(folder, Name, NameFile.MaxBytes) is { } bytes ? NameFile.Decode(bytes) : null;
        network = names?.Network ?? "";
        return names?.Endpoints ?? [];
    }

    private static InetAddress? Of(IReadOnlyList<IPAddress> addresses, AddressFamily family) =>
        addresses.FirstOrDefault(address => address.AddressFamily == family) is { } address ? InetAddress.Of(address) : null;
}
