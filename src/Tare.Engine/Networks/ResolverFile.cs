// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace Tare.Engine.Networks;

/// <summary>A container's resolv.conf, made of the host's and of what was asked.</summary>
/// <param name="Text">the file</param>
/// <param name="Upstreams">whom its name server asks, where it has one</param>
/// <remarks>man resolv.conf(5)</remarks>
internal sealed record ResolverFile(string Text, IReadOnlyList<IPAddress> Upstreams)
{
    /// <summary>Where systemd keeps the servers that stand behind its own.</summary>
    public const string BehindSystemd = "/run/systemd/resolve/resolv.conf";

    /// <param name="host">the host's file</param>
    /// <param name="servers">asked for; empty: the host's</param>
    /// <param name="search">asked for; empty: the host's; one that is "." is none</param>
    /// <param name="options">asked for; empty: the host's</param>
    /// <param name="own">the address of the container's name server; null: it has none, and asks the others by itself</param>
    public static ResolverFile Compose(
        string host, IReadOnlyList<string> servers, IReadOnlyList<string> search, IReadOnlyList<string> options, IPAddress? own)
    {
        List<IPAddress> upstreams = [.. (servers.Count > 0 ? servers : Words(host, "nameserver").Select(static words => words[0])).Select(Parse).OfType<IPAddress>()];
        var text = new StringBuilder();
        IEnumerable<string> shown = own is not null ? [own.ToString()] : upstreams.Where(static each => !IPAddress.IsLoopback(each)).Select(static each => each.ToString());
        foreach (string server in shown)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        List<string> domains = search.Count > 0 ? [.. search.Where(static each => each != ".")] : [.. Words(host, "search").LastOrDefault() ?? []];
        if (domains.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', domains).Append('\n');
        }

        List<string> chosen = options.Count > 0 ? [.. options] : [.. Words(host, "options").SelectMany(static words => words)];
        if (own is not null && !chosen.Exists(static each => each.StartsWith("ndots:", StringComparison.Ordinal)))
        {
            chosen.Add("ndots:0");
        }

        if (chosen.Count > 0)
        {
            text.Append("options ").AppendJoin(' ', chosen).Append('\n');
        }

        return new(text.ToString(), upstreams);
    }

    /// <summary>All of the host's servers are of its own, where a container does not reach them.</summary>
    public static bool HasOnlyLoopback(string host)
    {
        List<IPAddress> servers = [.. Words(host, "nameserver").Select(static words => Parse(words[0])).OfType<IPAddress>()];
        return servers.TrueForAll(IPAddress.IsLoopback);
    }

    private static IPAddress? Parse(string text) => IPAddress.TryParse(text.Split('%')[0], out IPAddress? address) ? address : null;

    private static IEnumerable<string[]> Words(string text, string keyword) => text.Split('\n')
        .Select(static line => line.Trim().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 1 && words[0] == keyword)
        .Select(static words => words[1..]);
}
