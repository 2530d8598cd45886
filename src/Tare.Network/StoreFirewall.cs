// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network;

/// <summary>The packet filter of one store: a table of its own for IPv4 and IPv6, and one for what passes the bridges.</summary>
/// <remarks>
/// The rules never change; which networks, containers and ports there are stands in sets and maps, so that each change is
/// one element, takes the same time for one container as for a thousand, and is looked up as quickly.
/// </remarks>
/// <param name="store">eight hex digits</param>
internal sealed partial class StoreFirewall(string store)
{
    private const string Bridges = "bridges";
    private const string Internals = "internals";
    private const string Same = "same";
    private const string Masked = "masked";
    private const string SelvesV4 = "selves4";
    private const string SelvesV6 = "selves6";
    private const string PortsV4 = "ports4";
    private const string PortsV6 = "ports6";
    private const string AnyV4 = "any4";
    private const string AnyV6 = "any6";
    private const string Macs = "macs";
    private const string AddressesV4 = "addresses4";
    private const string AddressesV6 = "addresses6";

    private const int Dnat = -100;
    private const int Snat = 100;
    private const int Raw = -300;
    private const uint Established = 0x6;
    private const uint WasSentOn = 0x20;
    private const byte LoopbackNetwork = 127;
    private const byte Icmp6 = 58;
    private const byte RouterAdvertisement = 134;
    private const byte V4 = 2;
    private const byte V6 = 10;

    /// <summary>Name of its tables.</summary>
    public string Table { get; } = $"tare-{store}";

    /// <summary>What the names of its containers' devices begin with.</summary>
    public string DevicePrefix { get; } = $"tv{store}";

    /// <summary>A name for a container's device on the host's side, drawn at random.</summary>
    public string NewDeviceName()
    {
        Span<byte> random = stackalloc byte[3];
        Entropy.Fill(random);
        return DevicePrefix + Convert.ToHexStringLower(random)[..(DeviceChange.MaxName - DevicePrefix.Length)];
    }

    /// <summary>Makes the tables unless they are there.</summary>
    public void Ensure(NetlinkSocket socket)
    {
        if (!Exists(socket))
        {
            Make(socket);
        }
    }

    /// <summary>Both are there.</summary>
    public bool Exists(NetlinkSocket socket) => FilterTables.Has(socket, FilterFamily.Inet, Table) && FilterTables.Has(socket, FilterFamily.Bridge, Table);

    /// <summary>Makes a table anew, without elements, if any of its rules is missing: all at once, so that nothing passes meanwhile.</summary>
    public void Renew(NetlinkSocket socket)
    {
        // of a table that is not there the first makes one that the second can remove
        FilterBatch inet = FillInet(Inet().Table().RemoveTable().Table());
        if (!IsWhole(socket, FilterFamily.Inet, Table, inet))
        {
            inet.Send(socket);
        }

        FilterBatch bridges = FillBridges(OfBridges().Table().RemoveTable().Table());
        if (!IsWhole(socket, FilterFamily.Bridge, Table, bridges))
        {
            bridges.Send(socket);
        }
    }

    /// <summary>Removes all of it; nothing when it is not there.</summary>
    public void Remove(NetlinkSocket socket)
    {
        Inet().RemoveTable().SendEach(socket);
        OfBridges().RemoveTable().SendEach(socket);
    }

    /// <summary>Networks may be used from now on.</summary>
    public void Add(NetlinkSocket socket, params IReadOnlyList<NetworkPlan> networks) => SendIfAny(
        socket, networks.SelectMany(Elements).Aggregate(Inet(), static (batch, element) => batch.AddElement(element.Set, element.Key)));

    /// <summary>It may not any more.</summary>
    public void Remove(NetlinkSocket socket, NetworkPlan network) =>
        Elements(network).Aggregate(Inet(), static (batch, element) => batch.RemoveElement(element.Set, element.Key)).SendEach(socket);

    /// <summary>A container's packets pass if they come from its own addresses, and its ports lead to it.</summary>
    public void Add(NetlinkSocket socket, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        FilterBatch bridges = OfBridges();
        foreach ((string set, byte[] key) in endpoints.SelectMany(Sources))
        {
            bridges.AddElement(set, key);
        }

        FilterBatch inet = Inet();
        foreach ((string set, byte[] key, byte[]? value) in Elements(ports))
        {
            inet.AddElement(set, key, value);
        }

        SendIfAny(socket, bridges);
        SendIfAny(socket, inet);
    }

    /// <summary>A container that runs has other ports from now on; all of it changes at once.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="before">all that it had</param>
    /// <param name="after">all that it has</param>
    /// <exception cref="LinuxException">EEXIST: one of them leads to another container; nothing was changed</exception>
    public void Replace(NetlinkSocket socket, IEnumerable<PublishedPort> before, IEnumerable<PublishedPort> after)
    {
        Dictionary<string, (string Set, byte[] Key, byte[]? Value)> had = ByName(before);
        Dictionary<string, (string Set, byte[] Key, byte[]? Value)> has = ByName(after);
        FilterBatch inet = Inet();
        foreach ((string name, var element) in had.Where(each => !has.ContainsKey(each.Key) || !IsSame(has[each.Key].Value, each.Value.Value)))
        {
            inet.RemoveElement(element.Set, element.Key);
        }

        foreach ((string name, var element) in has.Where(each => !had.TryGetValue(each.Key, out var old) || !IsSame(old.Value, each.Value.Value)))
        {
            inet.AddElement(element.Set, element.Key, element.Value);
        }

        try
        {
            SendIfAny(socket, inet);
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
        {
            // who began it died before it was made
            inet.SendEach(socket);
        }
    }

    /// <summary>The port leads to a container already.</summary>
    public bool Has(NetlinkSocket socket, PublishedPort port)
    {
        byte[] key = KeyOf(port);
        return FilterSets.Keys(socket, FilterFamily.Inet, Table, MapOf(port)).Any(other => other.AsSpan().SequenceEqual(key));
    }

    /// <summary>What <see cref="Add(NetlinkSocket, IEnumerable{Endpoint}, IEnumerable{PublishedPort})"/> made goes; what is not there is no error.</summary>
    public void Remove(NetlinkSocket socket, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        FilterBatch bridges = OfBridges();
        foreach ((string set, byte[] key) in endpoints.SelectMany(Sources))
        {
            bridges.RemoveElement(set, key);
        }

        FilterBatch inet = Inet();
        foreach ((string set, byte[] key, _) in Elements(ports))
        {
            inet.RemoveElement(set, key);
        }

        foreach (FilterBatch batch in new[] { bridges, inet }.Where(static batch => !batch.IsEmpty))
        {
            try
            {
                batch.Send(socket);
            }
            catch (LinuxException missing) when (missing.Errno == Errno.ENOENT)
            {
                batch.SendEach(socket);
            }
        }
    }

    /// <summary>What stands in the tables and belongs to none of these; nothing when the tables are not there.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="networks">that there are</param>
    /// <param name="endpoints">of the containers that there are</param>
    /// <param name="ports">of theirs</param>
    public IEnumerable<StrayElement> Strays(
        NetlinkSocket socket, IEnumerable<NetworkPlan> networks, IEnumerable<Endpoint> endpoints, IEnumerable<PublishedPort> ports)
    {
        IEnumerable<(string, byte[])> inet =
        [
            .. networks.SelectMany(Elements),
            .. Elements(ports).Select(static element => (element.Set, element.Key)),
        ];
        return Strays(socket, FilterFamily.Inet, [Bridges, Internals, Same, Masked, SelvesV4, SelvesV6, PortsV4, PortsV6, AnyV4, AnyV6, AnswersV4, AnswersV6], inet)
            .Concat(Strays(socket, FilterFamily.Bridge, [Macs, AddressesV4, AddressesV6], endpoints.SelectMany(Sources)));
    }

    /// <summary>Takes one of <see cref="Strays(NetlinkSocket, IEnumerable{NetworkPlan}, IEnumerable{Endpoint}, IEnumerable{PublishedPort})"/> away; no error when it is gone.</summary>
    public void Remove(NetlinkSocket socket, StrayElement stray) => new FilterBatch(stray.Family, Table).RemoveElement(stray.Set, stray.Key).SendEach(socket);

    private IEnumerable<StrayElement> Strays(
        NetlinkSocket socket, FilterFamily family, string[] sets, IEnumerable<(string Set, byte[] Key)> owned)
    {
        HashSet<string> known = [.. owned.Select(static element => $"{element.Set} {Convert.ToHexStringLower(element.Key)}")];
        return sets.SelectMany(set => FilterSets.Keys(socket, family, Table, set).Select(key => new StrayElement(family, set, key)))
            .Where(element => !known.Contains($"{element.Set} {Convert.ToHexStringLower(element.Key)}"));
    }

    private FilterBatch Inet() => new(FilterFamily.Inet, Table);

    private FilterBatch OfBridges() => new(FilterFamily.Bridge, Table);

    private void Make(NetlinkSocket socket)
    {
        if (!FilterTables.Has(socket, FilterFamily.Inet, Table))
        {
            FillInet(Inet().Table()).Send(socket);
        }

        if (!FilterTables.Has(socket, FilterFamily.Bridge, Table))
        {
            FillBridges(OfBridges().Table()).Send(socket);
        }
    }
}
