// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Cache;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Pruning;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Commands;

/// <summary><c>builder du</c> and <c>builder prune</c>: what the builder's cache holds, and less of it.</summary>
internal static class BuilderVerbs
{
    private const int IdLength = 25;

    private static readonly Flag<bool> All = Flag.Switch("-a, --all", "Remove all unused build cache, not just dangling ones");
    private static readonly Flag<IReadOnlyList<string>> Filter =
        Flag.List("--filter", "filter", "Provide filter values (e.g. \"until=24h\", \"type=exec.cachemount\")");
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Do not prompt for confirmation");
    private static readonly Flag<long?> MaxUsed =
        Flag.Of("--max-used-space", "bytes", "Maximum amount of disk space allowed to keep for cache", HumanSize.ParseBinary);
    private static readonly Flag<long?> MinFree =
        Flag.Of("--min-free-space", "bytes", "Target amount of free disk space after pruning", HumanSize.ParseBinary);
    private static readonly Flag<long?> Reserved =
        Flag.Of("--reserved-space", "bytes", "Amount of disk space always allowed to keep for cache", HumanSize.ParseBinary).Called("keep-storage");
    private static readonly Flag<bool> Verbose = Flag.Switch("--verbose", "Provide a more verbose output");

    public static Verb CreateUse() => new("Show what the builder's cache holds", "[OPTIONS]", Use)
    {
        Flags = [Filter, Verbose],
        MaxOperands = 0,
        Examples =
        [
            ("tare builder du", "each record with its size and last use"),
            ("tare builder du --verbose --filter type=exec.cachemount", "cache mounts, with all that is known of them"),
        ],
    };

    public static Verb CreatePrune() => new("Remove the builder's cache", "[OPTIONS]", Prune)
    {
        Flags = [All, Filter, Force, MaxUsed, MinFree, Reserved, Verbose],
        MaxOperands = 0,
        Examples =
        [
            ("tare builder prune -af", "all of it, without asking"),
            ("tare builder prune -f --max-used-space 2g", "what was not used for the longest time, until 2 GiB are left"),
            ("tare builder prune -f --filter until=48h", "what no build has used for two days"),
        ],
    };

    /// <summary>The builder's folder; null: there is none yet. The caller disposes.</summary>
    public static Fd? OpenFolder(Session session) => HostPath.TryOpen($"{session.Root}/build", OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>Bytes that are free where the store is.</summary>
    public static long FreeBytes(Session session) => new DriveInfo(session.Root).AvailableFreeSpace;

    private static CacheFilter FilterOf(Session session, ParsedArguments arguments) =>
        CacheFilter.Parse(arguments.Get(Filter), text => PruneFilter.Moment(text, session.Time));

    private static int Use(Session session, ParsedArguments arguments)
    {
        CacheFilter filter = FilterOf(session, arguments);
        using TareEngine engine = session.OpenEngineAsItIs();
        using Fd? folder = OpenFolder(session);
        List<CacheItem> items = [.. CacheContents.Read(engine.Images, folder).Where(filter.Matches)];
        Print(session, items, arguments.Get(Verbose));
        if (items.Exists(static item => item.IsShared))
        {
            Sum(session, "Shared", CacheBudget.Bytes(items.Where(static item => item.IsShared)));
            Sum(session, "Private", CacheBudget.OwnBytes(items));
        }

        Sum(session, "Reclaimable", CacheBudget.OwnBytes(items.Where(static item => !item.IsInUse)));
        Sum(session, "Total", CacheBudget.Bytes(items));
        return 0;
    }

    private static int Prune(Session session, ParsedArguments arguments)
    {
        var budget = new CacheBudget
        {
            All = arguments.Get(All),
            MaxUsed = arguments.Get(MaxUsed),
            MinFree = arguments.Get(MinFree),
            Reserved = arguments.Get(Reserved) ?? 0,
            Filter = FilterOf(session, arguments),
        };
        string question = budget.All ? "WARNING! This will remove all build cache." : "WARNING! This will remove all dangling build cache.";
        if (!Consent.Given(session, arguments.Get(Force), question))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        using Fd? folder = OpenFolder(session);
        IReadOnlyList<CacheItem> gone = CacheContents.Prune(engine.Images, folder, budget, FreeBytes(session));
        Print(session, gone, arguments.Get(Verbose));
        Sum(session, "Total", CacheBudget.OwnBytes(gone));
        return 0;
    }

    private static void Print(Session session, IReadOnlyList<CacheItem> items, bool isVerbose)
    {
        DateTimeOffset now = session.Time.GetUtcNow();
        if (isVerbose)
        {
            items.ToList().ForEach(item => PrintWhole(session.Output, item, now));
            return;
        }

        Table.Write(
            session.Output,
            [
                ["ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED", "DESCRIPTION"],
                .. items.Select(item => new[]
                {
                    item.Id[..Math.Min(IdLength, item.Id.Length)],
                    Truth(!item.IsInUse) + (item.IsShared ? "*" : ""),
                    HumanSize.Format(item.Bytes),
                    HumanTime.Ago(item.Used, now),
                    item.Title,
                }),
            ]);
    }

    private static void PrintWhole(TextWriter output, CacheItem item, DateTimeOffset now)
    {
        output.WriteLine($"ID:\t\t{item.Id}");
        output.WriteLine($"Created at:\t{HumanTime.Full(item.Created)}");
        output.WriteLine($"Mutable:\t{Truth(item.Kind == CacheItem.Mount)}");
        output.WriteLine($"Reclaimable:\t{Truth(!item.IsInUse)}");
        output.WriteLine($"Shared:\t\t{Truth(item.IsShared)}");
        output.WriteLine($"Size:\t\t{HumanSize.Format(item.Bytes)}");
        output.WriteLine($"Description:\t{Printable.Of(item.Title)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Usage count:\t{item.Uses}"));
        output.WriteLine($"Last used:\t{HumanTime.Ago(item.Used, now)}");
        output.WriteLine($"Type:\t\t{item.Kind}");
        output.WriteLine();
    }

    private static void Sum(Session session, string title, long bytes) => session.Output.WriteLine($"{title}:\t{HumanSize.Format(bytes)}");

    private static string Truth(bool value) => value ? "true" : "false";
}
