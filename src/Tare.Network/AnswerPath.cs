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
internal sealed class AnswerPath
{
    /// <summary>Before the rules of VPNs, which catch whatever is not marked as theirs.</summary>
    private const int Priority = 84;

    private const uint FirstByte = 0x74_00_00_00; // 't'
    private const uint OtherBytes = 0x00_ff_ff_ff;
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    /// <param name="store">eight hex digits</param>
    public AnswerPath(string store) =>
        Mark = FirstByte | (uint.Parse(store, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & OtherBytes);

    /// <summary>Of the packets, and number of the table.</summary>
    public uint Mark { get; }

    /// <summary>How it stands in lists of rules and routes.</summary>
    public string Name => $"0x{Mark:x}";

    /// <summary>Makes what is missing.</summary>
    /// <param name="host">routing socket of the host</param>
    /// <exception cref="LinuxException">EEXIST: the number is somebody else's; EOPNOTSUPP: the kernel routes by no rules</exception>
    public void Ensure(NetlinkSocket host)
    {
        foreach (AddressFamily family in Families.Where(HasFamily))
        {
            List<PolicyRule> there = OfMark(host, family);
            List<PolicyRule> missing = [.. Rules(family).Except(there)];
            if (missing.Count == 0)
            {
                continue;
            }

            var table = new LocalTable(family, Mark);
            if (there.Except(Rules(family)).Any() || table.Count(host).Others > 0)
            {
                throw new LinuxException(Errno.EEXIST, "routing rule", $"mark and table {Name}");
            }

            // first where they lead, then the rules, in their order
            host.Change([table.Add(Loopback(host))], $"table {Name}", Errno.EEXIST);
            host.Change([.. missing.Select(static rule => rule.Add())], $"routing rule {Name}", Errno.EEXIST);
        }
    }

    /// <summary>Removes all of it; what is not there is no error.</summary>
    public void Remove(NetlinkSocket host)
    {
        foreach (AddressFamily family in Families.Where(HasFamily))
        {
            host.Change([.. Rules(family).Reverse().Select(static rule => rule.Remove())], $"routing rule {Name}", Errno.ENOENT);
            host.Change([new LocalTable(family, Mark).Remove(Loopback(host))], $"table {Name}", Errno.ESRCH);
        }
    }

    /// <summary>Whether any of it is there, and whether all of it is.</summary>
    public (bool Any, bool All) Look(NetlinkSocket host)
    {
        (bool any, bool all) = (false, true);
        foreach (AddressFamily family in Families.Where(HasFamily))
        {
            int rules = OfMark(host, family).Intersect(Rules(family)).Count();
            int routes = new LocalTable(family, Mark).Count(host).Ours;
            any |= rules + routes > 0;
            all &= rules == Rules(family).Length && routes > 0;
        }

        return (any, all);
    }

    /// <summary>
    /// The first answers the kernel's question where a source should come from (rp_filter with src_valid_mark): from where it is, as
    /// without a mark, and not from this host.
    /// </summary>
    private PolicyRule[] Rules(AddressFamily family) =>
        [new(family, Priority, Mark, PolicyRule.Main, PolicyRule.Loopback), new(family, Priority + 1, Mark, Mark)];

    private List<PolicyRule> OfMark(NetlinkSocket host, AddressFamily family) =>
        [.. PolicyRule.List(host, family).Where(rule => rule.Mark == Mark || rule.Table == Mark)];

    private static bool HasFamily(AddressFamily family) => family == AddressFamily.InterNetwork || HostSettings.HasV6;

    private static int Loopback(NetlinkSocket host) =>
        NetworkDevice.TryFind(host, PolicyRule.Loopback)?.Index ?? throw new LinuxException(Errno.ENODEV, "netlink", PolicyRule.Loopback);
}
