// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>The file in which a network's names stand, one endpoint a line; every keeper on the network reads it.</summary>
/// <remarks>
/// <code>
/// tare-names 1
/// network app
/// endpoint id=0123… ip=172.18.0.2 ip6=fd00::2 name=web name=www
/// </code>
/// A keeper outlives the binary that started it: later versions add words and lines, which a reader passes over if it
/// does not know them; they never change what these mean. The first line says that, so its number is for people.
/// </remarks>
internal static class NameFile
{
    /// <summary>Bytes of a whole file.</summary>
    public const int MaxBytes = 4 << 20;

    public static ReadOnlySpan<byte> Magic => "tare-names "u8;

    private const string FirstLine = "tare-names 1\n";

    /// <summary>Replaces the file at once; for whoever holds the network's lock.</summary>
    /// <param name="directory">lent</param>
    /// <param name="name">one component</param>
    /// <param name="names">all of them</param>
    /// <exception cref="LinuxException">EFBIG: there are too many</exception>
    public static void Write(Fd directory, ReadOnlySpan<byte> name, NetworkNames names) =>
        AtomicFile.Write(directory, name, Encode(names), durable: false);

    /// <summary>Names that no query can ask for are left out.</summary>
    /// <exception cref="LinuxException">EFBIG: there are too many</exception>
    public static byte[] Encode(NetworkNames names)
    {
        var text = new StringBuilder(FirstLine);
        text.Append("network ").Append(names.Network).Append('\n');
        foreach (NamedEndpoint endpoint in names.Endpoints)
        {
            text.Append("endpoint id=").Append(endpoint.ContainerId);
            Append(text, " ip=", endpoint.V4);
            Append(text, " ip6=", endpoint.V6);
            foreach (string name in endpoint.Names.Where(DnsName.CanBeAsked).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                text.Append(" name=").Append(name);
            }

            text.Append('\n');
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        return bytes.Length <= MaxBytes
            ? bytes
            : throw new LinuxException(Errno.EFBIG, "names of network", names.Network);
    }

    /// <summary>What was written; null: it is no such file.</summary>
    public static NetworkNames? Decode(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith(Magic))
        {
            return null;
        }

        string network = "";
        List<NamedEndpoint> endpoints = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            NameLine line = new(text[range]);
            if (line.Kind.SequenceEqual(NameLine.Network))
            {
                network = Encoding.UTF8.GetString(line.Rest);
            }
            else if (line.Kind.SequenceEqual(NameLine.Endpoint))
            {
                endpoints.Add(Read(line));
            }
        }

        return new(network, endpoints);
    }

    private static void Append(StringBuilder text, string key, InetAddress? address)
    {
        if (address is { } known)
        {
            text.Append(key).Append(known.Format());
        }
    }

    private static NamedEndpoint Read(NameLine line)
    {
        (string id, InetAddress? v4, InetAddress? v6, List<string> names) = ("", null, null, []);
        while (line.MoveNext())
        {
            if (line.Key.SequenceEqual(NameLine.Id))
            {
                id = Encoding.UTF8.GetString(line.Value);
            }
            else if (line.Key.SequenceEqual(NameLine.Name))
            {
                names.Add(Encoding.UTF8.GetString(line.Value));
            }
            else if (line.Address is { } address)
            {
                v4 = address.IsV6 ? v4 : address;
                v6 = address.IsV6 ? address : v6;
            }
        }

        return new(id, v4, v6, names);
    }
}
