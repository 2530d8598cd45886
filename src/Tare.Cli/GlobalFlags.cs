// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli;

/// <summary>The flags that stand before the verb.</summary>
internal static class GlobalFlags
{
    public static readonly Flag<string?> Root =
        Flag.Text("--root", "folder", "Where images and containers are kept (TARE_ROOT, default \"/var/lib/tare\")");
    public static readonly Flag<string?> Run =
        Flag.Text("--run", "folder", "Where the state of what runs is kept (TARE_RUN, default \"/run/tare\")");
    public static readonly Flag<string?> Configuration =
        Flag.File("--config", "The configuration file (TARE_CONFIG, default \"/etc/tare/config\"), or docker's client folder");
    public static readonly Flag<bool> Debug = Flag.Switch("-D, --debug", "Say more when something fails");

    /// <summary>Taken for the sake of scripts written for docker.</summary>
    public static readonly Flag<string?> LogLevel =
        Flag.Text("-l, --log-level", "string", "\"debug\", \"info\", \"warn\", \"error\" or \"fatal\"");

    public static readonly Flag<bool> Version = Flag.Switch("-v, --version", "Print the version");

    public static readonly IReadOnlyList<Flag> All = [Root, Run, Configuration, Debug, LogLevel, Version];

    private static readonly string[] Levels = ["debug", "info", "warn", "error", "fatal"];

    /// <summary>The session that the flags ask for.</summary>
    /// <exception cref="UsageException">an unknown log level, an empty path</exception>
    public static Session Apply(ParsedArguments globals, Session session, string verbName)
    {
        string? level = globals.Get(LogLevel);
        if (level is not null && !Levels.Contains(level))
        {
            throw new UsageException($"unable to parse logging level: {level}", 1);
        }

        return new(session)
        {
            GivenDebug = globals.Get(Debug) || level == "debug",
            VerbName = verbName,
            GivenRoot = PathOf(globals, Root),
            GivenRun = PathOf(globals, Run),
            GivenConfiguration = PathOf(globals, Configuration),
        };
    }

    private static string? PathOf(ParsedArguments globals, Flag<string?> flag) => globals.Get(flag) is ""
        ? throw new UsageException($"invalid argument \"\" for \"{flag.Spelling}\" flag: want a path", 125)
        : globals.Get(flag);
}
