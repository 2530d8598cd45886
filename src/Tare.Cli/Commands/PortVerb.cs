// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare port</c>: where at the host a container's ports are reached.</summary>
internal static class PortVerb
{
    public static Verb Create() => new("List port mappings or a specific mapping for the container", "CONTAINER [PRIVATE_PORT[/PROTO]]", Act)
    {
        MinOperands = 1,
        MaxOperands = 2,
        Completes = Candidates.Containers,
        Examples = [("tare port web 80", "where port 80 of web is reached")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        string name = arguments.Operands[0];
        ContainerRow row = engine.Containers.Find(name) ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");

        // one that has just ended may still have its folder
        using Fd? live = StatusReader.Read(engine, row).IsLive ? engine.Folders.TryOpenLive(row.Id.Text) : null;
        IReadOnlyList<LivePort> ports = (live is null ? null : LiveNetworks.TryRead(live))?.Ports ?? [];
        if (arguments.Operands is [_, var wanted])
        {
            return PrintOne(session, name, ports, wanted);
        }

        foreach (LivePort port in ports.OrderBy(static port => port.TargetPort).ThenBy(static port => port.Protocol, StringComparer.Ordinal))
        {
            session.Output.WriteLine($"{NetworkInspection.Name(port.TargetPort, port.Protocol)} -> {End(port)}");
        }

        return 0;
    }

    private static int PrintOne(Session session, string name, IReadOnlyList<LivePort> ports, string wanted)
    {
        PortRequest port = PortTexts.ParseExposed(wanted)[0];
        List<LivePort> found = [.. ports.Where(each => each.TargetPort == port.TargetPort && each.Protocol == port.Protocol)];
        found.ForEach(each => session.Output.WriteLine(End(each)));
        return found.Count > 0
            ? 0
            : throw new TareException(
                ErrorKind.NotFound, $"no public port '{NetworkInspection.Name(port.TargetPort, port.Protocol)}' published for {name}");
    }

    private static string End(LivePort port) =>
        new IPEndPoint(IPAddress.Parse(port.HostAddress), port.HostPort).ToString();
}
