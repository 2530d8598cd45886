// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare ps</c>.</summary>
internal static class PsVerb
{
    private static readonly Flag<bool> All =
        Flag.Switch("-a, --all", "Show all containers (default shows just running)");
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("-f, --filter", "filter", "Filter output: id, name, label, status, exited, ancestor");
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<long?> Last =
        Flag.Number("-n, --last", "Show n last created containers (includes all states)", -1, int.MaxValue);
    private static readonly Flag<bool> Latest =
        Flag.Switch("-l, --latest", "Show the latest created container (includes all states)");
    private static readonly Flag<bool> NoTrunc = Flag.Switch("--no-trunc", "Don't truncate output");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only display container IDs");

    private static readonly string[] Shown = ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"];

    public static Verb Create() => new("List containers", "[OPTIONS]", Act)
    {
        Flags = [All, Filter, Format, Last, Latest, NoTrunc, Quiet],
        MaxOperands = 0,
        Examples =
        [
            ("tare ps -a", "also those that have ended"),
            ("tare ps -aq --filter status=exited", "IDs of those that have ended"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        ContainerFilter filter = ContainerFilter.Parse(arguments.Get(Filter));
        long last = arguments.Get(Latest) ? 1 : arguments.Get(Last) ?? -1;
        bool all = arguments.Get(All) || last >= 0 || filter.IsAboutStatus;
        using TareEngine engine = session.OpenEngine();
        var reader = new StatusReader(engine);
        List<ListedContainer> known = [.. engine.Containers.List().Select(row => new ListedContainer(row, reader.Read(row)))];
        IEnumerable<ListedContainer> containers =
            known.Where(container => (all || container.IsRunning) && filter.Matches(container));
        Print(session, arguments, [.. last >= 0 ? containers.Take((int)last) : containers]);
        session.Flush();
        known.ForEach(container => Upkeep.Run(engine, container.Row, container.Status));
        return 0;
    }

    private static void Print(Session session, ParsedArguments arguments, IReadOnlyList<ListedContainer> containers)
    {
        bool whole = arguments.Get(NoTrunc);
        if (arguments.Get(Quiet) && arguments.Get(Format) is null)
        {
            foreach (ListedContainer container in containers)
            {
                session.Output.WriteLine(container.IdText(whole));
            }

            return;
        }

        Column<ListedContainer>[] columns = Columns(whole, session.Time.GetUtcNow());
        new Listing<ListedContainer>(columns, Shown).Write(session.Output, containers, arguments.Get(Format));
    }

    private static Column<ListedContainer>[] Columns(bool whole, DateTimeOffset now) =>
    [
        new("ID", "CONTAINER ID", container => container.IdText(whole)),
        new("Image", "IMAGE", container => container.Row.Image),
        new("Command", "COMMAND", container => container.CommandText(whole)),
        new("RunningFor", "CREATED", container => HumanTime.Ago(container.Row.Created, now)),
        new("CreatedAt", "CREATED AT", container => HumanTime.Full(container.Row.Created)),
        new("Status", "STATUS", container => container.StatusText(now)),
        new("State", "STATE", container => container.Status.Word),
        new("Ports", "PORTS", _ => ""),
        new("Names", "NAMES", container => container.Row.Name),
        new("Labels", "LABELS", container => string.Join(',', container.Record.Config.Labels.Select(label => $"{label.Key}={label.Value}"))),
        new("Mounts", "MOUNTS", container => string.Join(',', container.Record.Mounts.Select(mount => mount.Name ?? mount.Source))),
        new("Networks", "NETWORKS", container => container.Record.HostConfig.NetworkMode),
    ];
}
