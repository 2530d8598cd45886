// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Networks;
using Tare.Keeper.Names;

namespace Tare.Cli.Commands;

/// <summary><c>tare dns</c>: how the host's own resolver finds containers by name.</summary>
internal static class DnsVerb
{
    private const int UsualPort = 53;

    /// <summary>Resolvers, each with the file where what is printed for it belongs.</summary>
    private static readonly (string Name, string File, Func<HostNameService, string> Text)[] Resolvers =
    [
        ("dnsmasq", "/etc/dnsmasq.d/tare.conf", Dnsmasq),
        ("systemd-resolved", "/etc/systemd/resolved.conf.d/tare.conf", SystemdResolved),
        ("resolv.conf", "/etc/resolv.conf, before the other servers", ResolvConf),
    ];

    public static Verb Create() => new("Show how this host finds containers by name", "[dnsmasq|systemd-resolved|resolv.conf]", Act)
    {
        MaxOperands = 1,
        Examples =
        [
            ("tare dns", "where NAME.tare.localhost is asked for, and what to write where"),
            ("tare dns dnsmasq > /etc/dnsmasq.d/tare.conf", "only what belongs into the file"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngineAsItIs();
        var service = HostNameService.Look(engine.Folders);
        if (arguments.Operands.Count == 0)
        {
            Print(session.Output, service);
            return 0;
        }

        string asked = arguments.Operands[0];
        foreach ((string name, _, Func<HostNameService, string> text) in Resolvers)
        {
            if (name == asked)
            {
                session.Output.Write(text(service));
                return 0;
            }
        }

        throw new UsageException($"unknown resolver: \"{asked}\": want {string.Join(", ", Resolvers.Select(static each => each.Name))}", 1);
    }

    private static void Print(TextWriter output, HostNameService service)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Server:  {service.Address} port {service.Port} (udp, tcp)"));
        output.WriteLine(service.Keeper is { } keeper
            ? string.Create(CultureInfo.InvariantCulture, $"Answers: yes, from the keeper with pid {keeper}")
            : "Answers: no, it begins with the first container on a network");
        output.WriteLine($"Names:   NAME.{HostZone.Name}, ALIAS.{HostZone.Name}, NAME.NETWORK.{HostZone.Name}");
        output.WriteLine($"         and below {HostZone.OtherName}, for resolvers that never ask for names below localhost");
        foreach ((string name, string file, Func<HostNameService, string> text) in Resolvers)
        {
            output.WriteLine();
            output.WriteLine($"{name}: {file}");
            foreach (string line in text(service).TrimEnd('\n').Split('\n'))
            {
                output.WriteLine($"    {line}");
            }
        }
    }

    private static string Dnsmasq(HostNameService service)
    {
        string server = service.Port == UsualPort ? service.Address : string.Create(CultureInfo.InvariantCulture, $"{service.Address}#{service.Port}");
        return $"server=/{HostZone.Name}/{server}\nserver=/{HostZone.OtherName}/{server}\n";
    }

    private static string SystemdResolved(HostNameService service)
    {
        string server = service.Port == UsualPort ? service.Address : string.Create(CultureInfo.InvariantCulture, $"{service.Address}:{service.Port}");
        return $"# it answers names below localhost itself, always with 127.0.0.1: use NAME.{HostZone.OtherName}\n[Resolve]\nDNS={server}\nDomains=~{HostZone.OtherName}\n";
    }

    private static string ResolvConf(HostNameService service) => service.Port == UsualPort
        ? $"# what is not below {HostZone.Name} it refuses, and the next server is asked\nnameserver {service.Address}\n"
        : string.Create(CultureInfo.InvariantCulture, $"# not possible: this file knows no ports, and somebody else has port {UsualPort} of {service.Address}\n");
}
