// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Requests;
using Tare.Engine;
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare network create</c>, <c>rm</c>, <c>connect</c>, <c>disconnect</c>.</summary>
internal static class NetworkVerbs
{
    private static readonly Flag<string?> Driver = Flag.Text("-d, --driver", "string", "Driver to manage the Network (bridge, macvlan, ipvlan)");
    private static readonly Flag<IReadOnlyList<string>> Subnet = Flag.List("--subnet", "strings", "Subnet in CIDR format that represents a network segment");
    private static readonly Flag<IReadOnlyList<string>> Range = Flag.List("--ip-range", "strings", "Allocate container ip from a sub-range");
    private static readonly Flag<IReadOnlyList<string>> Gateway = Flag.List("--gateway", "strings", "IPv4 or IPv6 Gateway for the subnet");
    private static readonly Flag<IReadOnlyList<string>> Auxiliary =
        Flag.ListOf("--aux-address", "map", "Auxiliary IPv4 or IPv6 addresses used by others (name=address)", KeyValues.Pair);
    private static readonly Flag<bool> Internal = Flag.Switch("--internal", "Restrict external access to the network");
    private static readonly Flag<bool> IPv6 = Flag.Switch("--ipv6", "Enable IPv6 address assignment");
    private static readonly Flag<bool> Attachable = Flag.Switch("--attachable", "Enable manual container attachment");
    private static readonly Flag<IReadOnlyList<string>> Option = Flag.ListOf("-o, --opt", "map", "Set driver specific options", KeyValues.Pair);
    private static readonly Flag<IReadOnlyList<string>> Label = Flag.ListOf("--label", "list", "Set metadata on a network", KeyValues.Label);
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Do not error if the network does not exist");

    private static readonly Flag<IReadOnlyList<string>> Alias = Flag.List("--alias", "strings", "Add network-scoped alias for the container");
    private static readonly Flag<string?> Ip = Flag.Text("--ip", "string", "IPv4 address (e.g., \"172.30.100.104\")");
    private static readonly Flag<string?> Ip6 = Flag.Text("--ip6", "string", "IPv6 address (e.g., \"2001:db8::33\")");
    private static readonly Flag<IReadOnlyList<string>> DriverOption =
        Flag.ListOf("--driver-opt", "strings", "driver options for the network", KeyValues.Pair);
    private static readonly Flag<long?> Priority =
        Flag.Number("--gw-priority", "Highest gw-priority provides the default gateway", int.MinValue, int.MaxValue);
    private static readonly Flag<bool> ForceDisconnect = Flag.Switch("-f, --force", "Force the container to disconnect from a network");

    public static Verb ForCreation() => new("Create a network", "[OPTIONS] NETWORK", Create)
    {
        Flags = [Attachable, Auxiliary, Driver, Gateway, Internal, Range, IPv6, Label, Option, Subnet],
        MinOperands = 1,
        MaxOperands = 1,
        Examples =
        [
            ("tare network create app", "containers on it find each other by name: tare run --network app …"),
            ("tare network create --subnet 10.7.0.0/24 --internal db", "with addresses of your own, and without a way out"),
        ],
    };

    public static Verb ForRemoval() => new("Remove one or more networks", "NETWORK [NETWORK...]", Remove)
    {
        Flags = [Force],
        MinOperands = 1,
        Examples = [("tare network rm app", "no running container may be on it")],
    };

    public static Verb ForConnecting() => new("Connect a container to a network", "[OPTIONS] NETWORK CONTAINER", Connect)
    {
        Flags = [Alias, DriverOption, Priority, Ip, Ip6],
        MinOperands = 2,
        MaxOperands = 2,
        Examples = [("tare network connect --alias db app postgres", "while it runs; others on app find it as db")],
    };

    public static Verb ForDisconnecting() => new("Disconnect a container from a network", "[OPTIONS] NETWORK CONTAINER", Disconnect)
    {
        Flags = [ForceDisconnect],
        MinOperands = 2,
        MaxOperands = 2,
        Examples = [("tare network disconnect app postgres", "while it runs")],
    };

    private static int Create(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        NetworkRow row = engine.NetworkCreation.Create(new(arguments.Operands[0])
        {
            Driver = arguments.Get(Driver) ?? "bridge",
            Subnets = arguments.Get(Subnet),
            Ranges = arguments.Get(Range),
            Gateways = arguments.Get(Gateway),
            Auxiliary = KeyValues.ToMap(arguments.Get(Auxiliary)),
            Internal = arguments.Get(Internal),
            IPv6 = arguments.Get(IPv6),
            Attachable = arguments.Get(Attachable),
            Options = KeyValues.ToMap(arguments.Get(Option)),
            Labels = KeyValues.ToMap(arguments.Get(Label)),
        });
        session.Output.WriteLine(row.Id);
        return 0;
    }

    private static int Remove(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in arguments.Operands)
        {
            try
            {
                if (arguments.Get(Force) && engine.Networks.Find(name) is null)
                {
                    continue;
                }

                NetworkRemoval.Remove(engine, engine.Networks.Get(name));
                session.Output.WriteLine(name);
            }
            catch (TareException refused)
            {
                // the others are still wanted
                code = Failure.Report(session, refused, null);
            }
        }

        return code;
    }

    private static int Connect(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        Connection(engine, arguments.Operands[1]).Connect(new(arguments.Operands[0])
        {
            Aliases = arguments.Get(Alias),
            Ip = arguments.Get(Ip),
            Ip6 = arguments.Get(Ip6),
            GatewayPriority = (int)(arguments.Get(Priority) ?? 0),
            DriverOptions = KeyValues.ToMap(arguments.Get(DriverOption)),
        });
        return 0;
    }

    private static int Disconnect(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        Connection(engine, arguments.Operands[1]).Disconnect(arguments.Operands[0], arguments.Get(ForceDisconnect));
        return 0;
    }

    private static NetworkConnection Connection(TareEngine engine, string name) => new(
        engine, engine.Containers.Find(name) ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}"));
}
