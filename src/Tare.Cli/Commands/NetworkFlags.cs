// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tare.Cli.Arguments;
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Linux.Netlink;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>The flags of <c>run</c> and <c>create</c> that concern networks.</summary>
internal static class NetworkFlags
{
    private static readonly Flag<IReadOnlyList<NetworkAttachment>> Network =
        Flag.ListOf("--network", "network", "Connect a container to a network (\"none\", \"host\", \"container:NAME\", \"ns:PATH\", a name, or name=NET,alias=…,ip=…)", ParseAttachment).Called("net");
    private static readonly Flag<string?> Ip = Flag.Text("--ip", "string", "IPv4 address (e.g., 172.30.100.104)");
    private static readonly Flag<string?> Ip6 = Flag.Text("--ip6", "string", "IPv6 address (e.g., 2001:db8::33)");
    private static readonly Flag<string?> Mac = Flag.Text("--mac-address", "string", "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
    private static readonly Flag<IReadOnlyList<string>> Alias =
        Flag.List("--network-alias", "list", "Add network-scoped alias for the container").Called("net-alias");
    private static readonly Flag<IReadOnlyList<IReadOnlyList<PortRequest>>> Publish =
        Flag.ListOf("-p, --publish", "list", "Publish a container's port(s) to the host ([[address:]port:]port[/protocol], or target=80,published=8080,ports-mode=firewall)", PortTexts.Parse);
    private static readonly Flag<bool> PublishAll = Flag.Switch("-P, --publish-all", "Publish all exposed ports to random ports");
    private static readonly Flag<IReadOnlyList<string>> Expose = Flag.ListOf("--expose", "list", "Expose a port or a range of ports", ParseExposed);
    private static readonly Flag<IReadOnlyList<string>> Dns = Flag.ListOf("--dns", "list", "Set custom DNS servers", ParseAddress);
    private static readonly Flag<IReadOnlyList<string>> DnsOption = Flag.List("--dns-option", "list", "Set DNS options").Called("dns-opt");
    private static readonly Flag<IReadOnlyList<string>> DnsSearch = Flag.List("--dns-search", "list", "Set custom DNS search domains");
    private static readonly Flag<IReadOnlyList<string>> AddHost =
        Flag.ListOf("--add-host", "list", "Add a custom host-to-IP mapping (host:ip)", ParseHost);
    private static readonly Flag<IReadOnlyList<string>> Link = Flag.List("--link", "list", "Add link to another container");
    private static readonly Flag<string?> Domainname = Flag.Text("--domainname", "string", "Container NIS domain name");

    public static readonly IReadOnlyList<Flag> All =
        [Network, Ip, Ip6, Mac, Alias, Publish, PublishAll, Expose, Dns, DnsOption, DnsSearch, AddHost, Link, Domainname];

    /// <summary>The request with what these flags say.</summary>
    /// <exception cref="UsageException">two flags contradict each other</exception>
    public static RunRequest Complete(RunRequest request, ParsedArguments given) => request with
    {
        Network = given.Get(Network) is [var first, ..] ? first.Network : null,
        Networks = Attachments(given),
        Ports = [.. given.Get(Publish).SelectMany(static ports => ports)],
        PublishAll = given.Get(PublishAll),
        Exposed = given.Get(Expose),
        Dns = given.Get(Dns),
        DnsOptions = given.Get(DnsOption),
        DnsSearch = given.Get(DnsSearch),
        ExtraHosts = given.Get(AddHost),
        Links = given.Get(Link),
        Domainname = given.Get(Domainname),
    };

    /// <summary>One <c>--network</c>: a name, or <c>name=…,alias=…,ip=…,ip6=…,mac-address=…,driver-opt=…,gw-priority=…</c>.</summary>
    public static NetworkAttachment ParseAttachment(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal) || text.StartsWith(NetworkChoice.PathPrefix, StringComparison.Ordinal))
        {
            return new(text);
        }

        var attachment = new NetworkAttachment("");
        foreach (string field in text.Split(','))
        {
            string[] parts = field.Split('=', 2);
            attachment = parts is [var key, { Length: > 0 } value]
                ? With(attachment, key.Trim().ToLowerInvariant(), value.Trim())
                : throw new FormatException($"invalid field {field}: want key=value");
        }

        return attachment.Network.Length > 0 ? attachment : throw new FormatException("network name/id is not specified");
    }

    private static NetworkAttachment With(NetworkAttachment attachment, string key, string value) => key switch
    {
        "name" => attachment with { Network = value },
        "alias" => attachment with { Aliases = [.. attachment.Aliases, value] },
        "ip" => attachment with { Ip = ParseAddress(value) },
        "ip6" => attachment with { Ip6 = ParseAddress(value) },
        "mac-address" => attachment with { Mac = ParseMac(value) },
        "driver-opt" => attachment with { DriverOptions = WithOption(attachment.DriverOptions, value) },
        "gw-priority" => attachment with
        {
            GatewayPriority = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int priority)
                ? priority
                : throw new FormatException($"invalid gw-priority: {value}"),
        },
        _ => throw new FormatException($"invalid field key {key}"),
    };

    private static Dictionary<string, string> WithOption(IReadOnlyDictionary<string, string> options, string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2
            ? new(options) { [parts[0]] = parts[1] }
            : throw new FormatException($"invalid key value pair format in driver options: {text}");
    }

    private static IReadOnlyList<NetworkAttachment> Attachments(ParsedArguments given)
    {
        IReadOnlyList<NetworkAttachment> said = given.Get(Network);
        if (said.GroupBy(static each => each.Network, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any()) is { } twice)
        {
            throw new UsageException($"network {twice.Key} is specified multiple times", 125);
        }

        bool hasOwn = given.Has(Ip) || given.Has(Ip6) || given.Has(Mac) || given.Get(Alias).Count > 0;
        if (!hasOwn)
        {
            return said;
        }

        NetworkAttachment first = said.Count > 0 ? said[0] : new(NetworkRow.Default);
        if ((first.Ip is not null && given.Has(Ip)) || (first.Ip6 is not null && given.Has(Ip6)) || (first.Mac is not null && given.Has(Mac))
            || (first.Aliases.Count > 0 && given.Get(Alias).Count > 0))
        {
            throw new UsageException("conflicting options: cannot specify an option of a network both in --network and by itself", 125);
        }

        return
        [
            first with
            {
                Ip = given.Get(Ip) is { } ip ? Read("--ip", ip, ParseAddress) : first.Ip,
                Ip6 = given.Get(Ip6) is { } ip6 ? Read("--ip6", ip6, ParseAddress) : first.Ip6,
                Mac = given.Get(Mac) is { } mac ? Read("--mac-address", mac, ParseMac) : first.Mac,
                Aliases = [.. first.Aliases, .. given.Get(Alias)],
            },
            .. said.Skip(1),
        ];
    }

    private static string Read(string flag, string text, Func<string, string> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"{flag}: {wrong.Message}", 125);
        }
    }

    private static string ParseAddress(string text) => AddressText.TryParse(text, out IPAddress? address)
        ? address.ToString()
        : throw new FormatException($"invalid IP address: {text}");

    private static string ParseMac(string text) => MacAddress.TryParse(text, out MacAddress mac)
        ? mac.ToString()
        : throw new FormatException($"{text} is not a valid mac address");

    private static string ParseExposed(string text)
    {
        _ = PortTexts.ParseExposed(text);
        return text;
    }

    /// <summary>A name, then an address behind a colon or an equals sign.</summary>
    private static string ParseHost(string text)
    {
        int at = text.IndexOfAny([':', '=']);
        string address = at > 0 ? text[(at + 1)..].Trim('[', ']') : "";
        return at > 0 && (address == HostNames.HostGateway || AddressText.TryParse(address, out _))
            ? $"{text[..at]}:{address}"
            : throw new FormatException($"bad format for add-host: {Quoted.Text(text)}");
    }
}
