// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>All names that one container knows, those of its networks and its own links; or those that the host knows.</summary>
/// <param name="all">where the files of all networks are; null: the order names those that count</param>
internal sealed class NameBook(NameFiles? all = null)
{
    private readonly List<Page> _pages = [];
    private readonly List<(byte[] Name, byte[] Target)> _links = [];
    private IReadOnlyList<InetNetwork> _subnets = [];

    /// <summary>Changes what it reads; files that stay are not read again.</summary>
    public void Set(NameOrder order, IReadOnlyList<InetNetwork> subnets)
    {
        SetFiles(order.Files);
        _links.Clear();
        _links.AddRange(order.Links.Select(link => (Lower(link.Name), Lower(link.Target))));
        _subnets = subnets;
    }

    /// <summary>Reads what has changed since the last call.</summary>
    public void Refresh()
    {
        if (all?.TryList() is { } files)
        {
            SetFiles(files);
        }

        foreach (Page page in _pages)
        {
            page.Refresh();
        }
    }

    /// <summary>Finds the addresses of a name: of the first network that has it.</summary>
    /// <param name="name">in lower case</param>
    /// <param name="found">gets them</param>
    /// <returns>false: it is no name of ours</returns>
    public bool Find(ReadOnlySpan<byte> name, List<InetAddress> found)
    {
        foreach ((byte[] own, byte[] target) in _links)
        {
            if (name.SequenceEqual(own))
            {
                // of a target that does not run there are no addresses, but the name stays ours
                FindOnNetworks(target, found);
                return true;
            }
        }

        return FindOnNetworks(name, found);
    }

    /// <summary>True for a name that nobody outside can have, whether somebody has it here or not.</summary>
    /// <remarks>
    /// A network may be named as one of the world's domains, so only names below a network that no domain can be named
    /// like are kept from the world: those of the world are letters only. RFC 1123 §2.1
    /// </remarks>
    /// <param name="name">in lower case</param>
    public bool IsBelowNetwork(ReadOnlySpan<byte> name)
    {
        foreach (Page page in _pages)
        {
            if (page.IsNoDomain && IsBelow(name, page.Network))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for an address that is, or may be, of a container on these networks.</summary>
    public bool Covers(InetAddress address)
    {
        foreach (InetNetwork subnet in _subnets)
        {
            if (subnet.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who has an address: the container's name and, behind a dot, the network's.</summary>
    /// <param name="address">anybody's</param>
    /// <param name="text"><see cref="DnsName.MaxTextBytes"/> long</param>
    /// <returns>bytes of the text; 0: nobody that we know</returns>
    public int NameOf(InetAddress address, Span<byte> text)
    {
        foreach (Page page in _pages)
        {
            ReadOnlySpan<byte> name = page.Table.NameOf(address);
            if (!name.IsEmpty && name.Length + 1 + page.Network.Length <= text.Length)
            {
                name.CopyTo(text);
                text[name.Length] = (byte)'.';
                page.Network.CopyTo(text[(name.Length + 1)..]);
                return name.Length + 1 + page.Network.Length;
            }
        }

        return 0;
    }

    private void SetFiles(IReadOnlyList<string> files)
    {
        List<Page> old = [.. _pages];
        _pages.Clear();
        foreach (string path in files)
        {
            _pages.Add(old.Find(page => page.Path == path) ?? new Page(path));
        }
    }

    private bool FindOnNetworks(ReadOnlySpan<byte> name, List<InetAddress> found)
    {
        found.Clear();
        foreach (Page page in _pages)
        {
            if (page.Table.Find(name, found))
            {
                return true;
            }
        }

        foreach (Page page in _pages)
        {
            if (IsBelow(name, page.Network) && page.Table.Find(name[..^(page.Network.Length + 1)], found))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> network) =>
        network.Length > 0
        && name.Length > network.Length + 1
        && name[^(network.Length + 1)] == '.'
        && DnsName.Same(name[^network.Length..], network);

    private static byte[] Lower(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant());

    /// <summary>A file, and what stood in it when it was last read.</summary>
    private sealed class Page(string path)
    {
        private static readonly NameTable Empty = new([]);

        private readonly byte[] _path = Encoding.UTF8.GetBytes(path);
        private (ulong Inode, long Size, FileTime Modified, FileTime Changed) _seen;

        public string Path => path;

        public NameTable Table { get; private set; } = Empty;

        public byte[] Network { get; private set; } = [];

        public bool IsNoDomain { get; private set; }

        public void Refresh()
        {
            try
            {
                if (HostPath.TryOwnStatus(_path) is not { } status)
                {
                    // the network is gone
                    Take(Empty);
                    _seen = default;
                    return;
                }

                var seen = (status.Inode, status.Size, status.ModifyTime, status.ChangeTime);
                if (seen != _seen)
                {
                    Take(new NameTable(HostPath.TryReadAll(path, NameFile.MaxBytes) ?? []));
                    _seen = seen;
                }
            }
            catch (LinuxException)
            {
                // what was read last is the best that we know; the next query tries again
            }
        }

        private void Take(NameTable table)
        {
            if (table != Table)
            {
                Table = table;
                Network = Encoding.UTF8.GetBytes(table.Network);
                string last = table.Network[(table.Network.LastIndexOf('.') + 1)..];
                IsNoDomain = last.Any(static c => !char.IsAsciiLetter(c))
                    && !last.StartsWith("xn--", StringComparison.OrdinalIgnoreCase);
            }
        }
    }
}
