// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Network;

/// <summary>Others who drop what they do not know on its way through the host: Docker, ufw, an administrator.</summary>
/// <remarks>
/// To pass, a packet must be dropped by nobody: our own rules cannot overrule theirs. So two rules with our comment stand in the
/// place that is meant for it, for each of our bridges; they go with the bridge. What our own table drops stays dropped.
/// </remarks>
/// <param name="store">eight hex digits</param>
internal sealed class ForeignFirewalls(string store)
{
    /// <summary>Where Docker leaves room for the rules of others.</summary>
    private const string DockerUser = "DOCKER-USER";
    private const int RulesOfBridge = 2;

    private readonly string _own = $"tare-{store}";

    /// <summary>Lets what comes from and goes to bridges pass, wherever it would be dropped.</summary>
    public void Open(NetlinkSocket socket, params IReadOnlyList<string> bridges)
    {
        foreach (FilterChain place in Places(socket))
        {
            List<ListedRule> rules = FilterChains.Rules(socket, place);
            FilterBatch batch = new(place.Family, place.Table);
            foreach (string bridge in bridges.Where(bridge => rules.Count(rule => rule.Comment == CommentOf(bridge)) < RulesOfBridge))
            {
                byte[] name = [.. Encoding.UTF8.GetBytes(bridge), 0];
                batch.Rule(place.Name, new FilterRule { Comment = CommentOf(bridge) }.Meta(MetaKey.OutputName).Is(name).Accept(), first: true)
                    .Rule(place.Name, new FilterRule { Comment = CommentOf(bridge) }.Meta(MetaKey.InputName).Is(name).Accept(), first: true);
            }

            if (!batch.IsEmpty)
            {
                batch.Send(socket);
            }
        }
    }

    /// <summary>Takes back what <see cref="Open"/> did; nothing when it did nothing.</summary>
    public void Close(NetlinkSocket socket, string bridge)
    {
        foreach ((FilterChain chain, ListedRule rule) in Find(socket).Where(found => found.Rule.Comment == CommentOf(bridge)))
        {
            new FilterBatch(chain.Family, chain.Table).RemoveRule(chain.Name, rule.Handle).SendEach(socket);
        }
    }

    /// <summary>The rules of this store in the tables of others.</summary>
    public IEnumerable<(FilterChain Chain, ListedRule Rule)> Find(NetlinkSocket socket) =>
        from chain in FilterChains.List(socket)
        where !chain.Table.StartsWith("tare-", StringComparison.Ordinal) && (chain.Hook == FilterHook.Forward || chain.Name == DockerUser)
        from rule in FilterChains.Rules(socket, chain)
        where rule.Comment.StartsWith(_own, StringComparison.Ordinal)
        select (chain, rule);

    /// <summary>In Docker's own place where it has one, else at the beginning of the chain that drops.</summary>
    private static List<FilterChain> Places(NetlinkSocket socket)
    {
        List<FilterChain> chains = FilterChains.List(socket);
        List<FilterChain> places = [];
        foreach (FilterChain dropping in chains.Where(static chain => chain is { Hook: FilterHook.Forward, Drops: true }))
        {
            if (!dropping.Table.StartsWith("tare-", StringComparison.Ordinal))
            {
                places.Add(chains.Find(chain => chain.Family == dropping.Family && chain.Table == dropping.Table && chain.Name == DockerUser) ?? dropping);
            }
        }

        return places;
    }

    private string CommentOf(string bridge) => $"{_own} {bridge}";
}
