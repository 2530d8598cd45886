// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Netlink;

namespace Tare.Network;

/// <summary>The routes by which a container's answers to clients, whose addresses its keeper speaks with, end at this host.</summary>
/// <remarks>
/// The packet filter marks such answers (<see cref="StoreFirewall.EnsureAnswers"/>); by the mark a table is chosen in which every
/// address is the host's own. Mark and table have the same number, drawn from the store's id, and the whole number counts:
/// nobody who uses bits of marks meets it by chance.
/// </remarks>
/// <param name="store">eight hex digits</param>
/// <param name="family">of the addresses: IPv4 or IPv6</param>
internal sealed class AnswerPath(string store, AddressFamily family)
{
    /// <summary>Before the rules of VPNs, which catch whatever is not marked as theirs.</summary>
    private const int Priority = 84;

    private const uint FirstByte = 0x74_00_00_00; // 't'
    private const uint OtherBytes = 0x00_ff_ff_ff;

    private readonly uint _mark = MarkOf(store);

    /// <summary>The first answers the kernel's question where a source should come from (rp_filter with src_valid_mark): from where it
    /// is, as without a mark, and not from this host.</summary>
    private PolicyRule[] Rules =>
        [new(family, Priority, _mark, PolicyRule.Main, PolicyRule.Loopback), new(family, Priority + 1, _mark, _mark)];

    private LocalTable Table => new(family, _mark);

    /// <summary>Of the packets, and number of the table.</summary>
    public static uint MarkOf(string store) =>
        FirstByte | (uint.Parse(store, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & OtherBytes);

    /// <summary>How it stands in lists of rules and routes.</summary>
    public static string NameOf(string store) => $"0x{MarkOf(store):x}";

    /// <summary>Makes what is missing.</summary>
    /// <param name="host">routing socket of the host</param>
    /// <exception cref="LinuxException">EEXIST: the number is somebody else's; EOPNOTSUPP: the kernel routes by no rules</exception>
    public void Ensure(NetlinkSocket host)
    {
        List<PolicyRule> there = OfMark(host);
        (int ours, int others) = Table.Count(host);
        if (others > 0 || there.Except(Rules).Any())
        {
            throw new LinuxException(Errno.EEXIST, "routing rule", $"mark and table {NameOf(store)}");
        }

        // first where they lead, then the rules, in their order
        if (ours == 0)
        {
            host.Change([Table.Add(Loopback(host))], $"table {NameOf(store)}", Errno.EEXIST);
        }

        host.Change([.. Rules.Select(static rule => rule.Add())], $"routing rule {NameOf(store)}", Errno.EEXIST);
    }

    /// <summary>Removes all of it; what is not there is no error.</summary>
    public void Remove(NetlinkSocket host)
    {
        if (Look(host).Any)
        {
            host.Change([.. Rules.Reverse().Select(static rule => rule.Remove())], $"routing rule {NameOf(store)}", Errno.ENOENT);
            host.Change([Table.Remove(Loopback(host))], $"table {NameOf(store)}", Errno.ESRCH);
        }
    }

    /// <summary>Whether any of it is there, and whether all of it is.</summary>
    public (bool Any, bool All) Look(NetlinkSocket host)
    {
        if (family == AddressFamily.InterNetworkV6 && !HostSettings.HasV6)
        {
            return (false, false);
        }

        int rules = OfMark(host).Intersect(Rules).Count();
        int routes = Table.Count(host).Ours;
        return (rules + routes > 0, rules == Rules.Length && routes > 0);
    }

    private List<PolicyRule> OfMark(NetlinkSocket host) =>
        [.. PolicyRule.List(host, family).Where(rule => rule.Mark == _mark || rule.Table == _mark)];

    private static int Loopback(NetlinkSocket host) =>
        NetworkDevice.TryFind(host, PolicyRule.Loopback)?.Index ?? throw new LinuxException(Errno.ENODEV, "netlink", PolicyRule.Loopback);
}
