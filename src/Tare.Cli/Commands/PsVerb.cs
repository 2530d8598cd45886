// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Linux;

namespace Tare.Cli.Commands;

/// <summary><c>tare ps</c>.</summary>
internal static class PsVerb
{
    private static readonly Flag<bool> All =
        Flag.Switch("-a, --all", "Show all containers (default shows just running)");
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("-f, --filter", "filter", "Filter output based on conditions provided, such as name=web, status=exited, label=a=b");
    private static readonly Flag<string?> Format =
        Flag.Text("--format", "string", "Format output: 'table', 'table TEMPLATE', 'json' or a Go template");
    private static readonly Flag<long?> Last =
        Flag.Number("-n, --last", "Show n last created containers (includes all states)", -1, int.MaxValue);
    private static readonly Flag<bool> Latest =
        Flag.Switch("-l, --latest", "Show the latest created container (includes all states)");
    private static readonly Flag<bool> NoTrunc = Flag.Switch("--no-trunc", "Don't truncate output");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Only display container IDs");
    private static readonly Flag<bool> Size = Flag.Switch("-s, --size", "Display total file sizes");

    private static readonly string[] Shown = ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"];

    public static Verb Create() => new("List containers", "[OPTIONS]", Act)
    {
        Flags = [All, Filter, Format, Last, Latest, NoTrunc, Quiet, Size],
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
        List<ListedContainer> known = [.. engine.Containers.List().Select(row => new ListedContainer(row, reader.Read(row)) { Look = () => NetworksOf(engine, row) })];
        IEnumerable<ListedContainer> containers = filter.Choose(known).Where(container => all || container.IsRunning);
        Print(session, arguments, engine, [.. last >= 0 ? containers.Take((int)last) : containers]);
        session.Flush();
        known.ForEach(container => Upkeep.Run(engine, container.Row, container.Status));
        return 0;
    }

    private static void Print(
        Session session, ParsedArguments arguments, TareEngine engine, IReadOnlyList<ListedContainer> containers)
    {
        bool whole = arguments.Get(NoTrunc);
        string? format = arguments.Get(Format);
        if (arguments.Get(Quiet))
        {
            if (format is not null)
            {
                session.Error.WriteLine("WARNING: Ignoring custom format, because both --format and --quiet are set.");
            }

            foreach (ListedContainer container in containers)
            {
                session.Output.WriteLine(container.IdText(whole));
            }

            return;
        }

        bool sized = arguments.Get(Size) || (format?.Contains(".Size", StringComparison.Ordinal) ?? false);
        Column<ListedContainer>[] columns = Columns(whole, session.Time.GetUtcNow(), sized ? engine : null);
        new Listing<ListedContainer>(columns, arguments.Get(Size) ? [.. Shown, "Size"] : Shown)
        {
            Label = (container, key) => container.Record.Config.Labels.GetValueOrDefault(key, ""),
        }.Write(session.Output, containers, format);
    }

    private static Column<ListedContainer>[] Columns(bool whole, DateTimeOffset now, TareEngine? sizes) =>
    [
        new("ID", "CONTAINER ID", container => container.IdText(whole)),
        new("Image", "IMAGE", container => container.Row.Image),
        new("Command", "COMMAND", container => container.CommandText(whole)),
        new("RunningFor", "CREATED", container => HumanTime.Ago(container.Row.Created, now)),
        new("CreatedAt", "CREATED AT", container => HumanTime.Full(container.Row.Created)),
        new("Status", "STATUS", container => container.StatusText(now)),
        new("State", "STATE", container => container.Status.Word),
        new("Ports", "PORTS", container => container.PortsText),
        new("Names", "NAMES", container => container.Row.Name),
        new("Labels", "LABELS", container => string.Join(',', container.Record.Config.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))),
        new("Mounts", "MOUNTS", container => string.Join(',', container.Record.Mounts.Select(mount => mount.Name ?? mount.Source))),
        new("Networks", "NETWORKS", container => string.Join(',', container.Networks)),
        new("LocalVolumes", "LOCAL VOLUMES", container => $"{container.Record.Mounts.Count(mount => mount.Type == "volume")}"),
        new("Platform", "PLATFORM", _ => null),
        new("Size", "SIZE", container => sizes is null ? "0B" : SizeText(sizes, container)),
    ];

    private static LiveNetworks? NetworksOf(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        return live is null ? null : LiveNetworks.TryReadPublished(live);
    }

    private static string SizeText(TareEngine engine, ListedContainer container)
    {
        (long own, long all) = ContainerSize.Of(engine, container.Row);
        return $"{HumanSize.Format(own)} (virtual {HumanSize.Format(all)})";
    }
}
