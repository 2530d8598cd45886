// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Requests;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Logs;
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare logs</c>.</summary>
internal static class LogsVerb
{
    private static readonly Flag<bool> Details = Flag.Switch("--details", "Show extra details provided to logs");
    private static readonly Flag<bool> Follow = Flag.Switch("-f, --follow", "Follow log output");
    private static readonly Flag<string?> Since = Flag.Text(
        "--since",
        "string",
        "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");

    private static readonly Flag<TailCount?> Tail = Flag.Of(
        "-n, --tail", "string", "Number of lines to show from the end of the logs (default \"all\")", TailCount.Parse);

    private static readonly Flag<bool> Timestamps = Flag.Switch("-t, --timestamps", "Show timestamps");
    private static readonly Flag<string?> Until = Flag.Text(
        "--until",
        "string",
        "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");

    public static Verb Create() => new("Fetch the logs of a container", "[OPTIONS] CONTAINER", Act)
    {
        Flags = [Details, Follow, Since, Tail, Timestamps, Until],
        MinOperands = 1,
        MaxOperands = 1,
        Completes = Candidates.Containers,
        Examples =
        [
            ("tare logs -f --tail 10 web", "the last ten lines and what comes"),
            ("tare logs --since 1h web", "of the last hour"),
        ],
    };

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="TareException">InvalidArgument: --since or --until are no times</exception>
    internal static LogQuery ToQuery(ParsedArguments arguments, TimeProvider clock) => new(
        Time(arguments.Get(Since), "since", clock),
        Time(arguments.Get(Until), "until", clock),
        arguments.Get(Tail)?.Lines);

    private static int Act(Session session, ParsedArguments arguments)
    {
        LogQuery query = ToQuery(arguments, session.Time);
        bool follows = arguments.Get(Follow);
        using TareEngine engine = session.OpenEngine();
        string name = arguments.Operands[0];
        ContainerRow row = engine.Containers.Find(name)
            ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");
        if (ContainerJson.ReadRecord(row).Log is { Enabled: false })
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"container {row.Name}: configured logging driver does not support reading");
        }

        using LogSource? source = LogSource.TryOpen(engine, row, follows);
        if (source is null)
        {
            return 0;
        }

        using Fd? output = OwnProcess.TryDuplicateStandard(1);
        using Fd? error = OwnProcess.TryDuplicateStandard(2);
        var printer = new LogPrinter(output, error, arguments.Get(Timestamps), arguments.Get(Details));
        if (follows)
        {
            using LogFollower follower = source.Follow(query, printer.Flush);
            while (!printer.IsGone && follower.TryRead(out LogRecord record))
            {
                printer.Print(record);
            }
        }
        else
        {
            using LogReader reader = source.Read(query);
            while (!printer.IsGone && (reader.TryRead(out LogRecord record) || reader.TryReadRest(out record)))
            {
                printer.Print(record);
            }
        }

        printer.Flush();
        return 0;
    }

    private static LogTime? Time(string? text, string flag, TimeProvider clock) =>
        string.IsNullOrEmpty(text) ? null
        : LogTime.Parse(text, clock.GetUtcNow(), clock.LocalTimeZone) ?? throw new TareException(
            ErrorKind.InvalidArgument,
            $"invalid value for \"{flag}\": failed to parse value as time or duration: \"{text}\"",
            "such as 10m, 2013-01-02 or 2013-01-02T13:23:37Z");
}
