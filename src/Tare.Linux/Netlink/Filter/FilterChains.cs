// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Linux.Netlink.Filter;

/// <summary>A chain of the packet filter, whoever made it.</summary>
/// <param name="Family">of its table</param>
/// <param name="Table">name</param>
/// <param name="Name">name</param>
/// <param name="Hook">null: packets come to it only from other chains</param>
/// <param name="Drops">what it does not decide is dropped</param>
internal sealed record FilterChain(FilterFamily Family, string Table, string Name, FilterHook? Hook, bool Drops);

/// <summary>A rule of a chain.</summary>
/// <param name="Handle">by which it is removed</param>
/// <param name="Comment">empty: none</param>
internal readonly record struct ListedRule(ulong Handle, string Comment);

/// <summary>What chains and rules a network namespace has.</summary>
/// <remarks>linux/netfilter/nf_tables.h, NFT_MSG_GETCHAIN, NFT_MSG_GETRULE</remarks>
internal static class FilterChains
{
    private const ushort GetChain = (10 << 8) | 4;
    private const ushort GetRule = (10 << 8) | 7;
    private const int BodyBytes = 4;
    private const ushort ChainTable = 1;
    private const ushort ChainName = 3;
    private const ushort ChainHook = 4;
    private const ushort ChainPolicy = 5;
    private const ushort HookNumber = 1;
    private const ushort RuleTable = 1;
    private const ushort RuleChain = 2;
    private const ushort RuleHandle = 3;
    private const ushort RuleUserData = 7;
    private const int DropVerdict = 0;

    /// <summary>All of the families that see IPv4 and IPv6.</summary>
    public static List<FilterChain> List(NetlinkSocket socket)
    {
        List<FilterChain> chains = [];
        foreach (FilterFamily family in new[] { FilterFamily.Inet, FilterFamily.IPv4, FilterFamily.IPv6 })
        {
            var question = new NetlinkMessage(GetChain, NetlinkMessage.NLM_F_DUMP, [(byte)family, 0, 0, 0]);
            chains.AddRange(socket.Ask(question, "packet filter").Select(answer => Parse(family, answer)));
        }

        return chains;
    }

    /// <summary>The rules of one chain, in order.</summary>
    public static List<ListedRule> Rules(NetlinkSocket socket, FilterChain chain)
    {
        NetlinkMessage question = new NetlinkMessage(GetRule, NetlinkMessage.NLM_F_DUMP, [(byte)chain.Family, 0, 0, 0])
            .Add(RuleTable, chain.Table).Add(RuleChain, chain.Name);
        List<ListedRule> rules = [];
        foreach (byte[] answer in socket.Ask(question, "packet filter"))
        {
            Dictionary<ushort, byte[]> attributes = NetlinkMessage.Attributes(answer.AsSpan(Math.Min(BodyBytes, answer.Length)));
            if (Text(attributes, RuleChain) == chain.Name && attributes.TryGetValue(RuleHandle, out byte[]? handle) && handle.Length == sizeof(ulong))
            {
                rules.Add(new(BinaryPrimitives.ReadUInt64BigEndian(handle), Comment(attributes.GetValueOrDefault(RuleUserData, []))));
            }
        }

        return rules;
    }

    private static FilterChain Parse(FilterFamily family, byte[] answer)
    {
        Dictionary<ushort, byte[]> attributes = NetlinkMessage.Attributes(answer.AsSpan(Math.Min(BodyBytes, answer.Length)));
        FilterHook? hook = null;
        if (attributes.TryGetValue(ChainHook, out byte[]? place)
            && NetlinkMessage.Attributes(place).TryGetValue(HookNumber, out byte[]? number) && number.Length == sizeof(int))
        {
            hook = (FilterHook)BinaryPrimitives.ReadInt32BigEndian(number);
        }

        bool drops = attributes.TryGetValue(ChainPolicy, out byte[]? policy) && policy.Length == sizeof(int)
            && BinaryPrimitives.ReadInt32BigEndian(policy) == DropVerdict;
        return new(family, Text(attributes, ChainTable), Text(attributes, ChainName), hook, hook is not null && drops);
    }

    private static string Text(Dictionary<ushort, byte[]> attributes, ushort type) =>
        Encoding.UTF8.GetString(attributes.GetValueOrDefault(type, [])).TrimEnd('\0');

    /// <summary>Type 0, length, text with a zero at its end: as the program nft writes it.</summary>
    private static string Comment(byte[] data) =>
        data.Length > 2 && data[0] == 0 && data[1] <= data.Length - 2 ? Encoding.UTF8.GetString(data, 2, data[1]).TrimEnd('\0') : "";
}
