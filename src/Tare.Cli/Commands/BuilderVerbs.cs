// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Images.Building;

namespace Tare.Cli.Commands;

/// <summary><c>builder du</c> and <c>builder prune</c>: what the builder's cache holds, and less of it.</summary>
internal static class BuilderVerbs
{
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Do not prompt for confirmation");
    private static readonly Flag<long?> MaxUsed =
        Flag.Of("--max-used-space", "bytes", "Maximum amount of disk space allowed to keep for cache", HumanSize.ParseBinary);
    private static readonly Flag<long?> Keep =
        Flag.Of("--keep-storage", "bytes", "Amount of disk space to keep for cache", HumanSize.ParseBinary);

    public static Verb CreateUse() => new("Show what the builder's cache holds", "[OPTIONS]", Use)
    {
        MaxOperands = 0,
        Examples = [("tare builder du", "each record with its size and last use")],
    };

    public static Verb CreatePrune() => new("Remove the builder's cache", "[OPTIONS]", Prune)
    {
        Flags = [Force, Keep, MaxUsed],
        MaxOperands = 0,
        Examples =
        [
            ("tare builder prune -f", "all of it, without asking"),
            ("tare builder prune -f --max-used-space 2g", "what was not used for the longest time, until 2 GiB are left"),
        ],
    };

    private static int Use(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngineAsItIs();
        IReadOnlyList<BuildRecord> records = BuildRecords.List(engine.Images);
        IReadOnlyList<KeptRepository> repositories = KeptRepositories.List(session);
        Table.Write(
            session.Output,
            [
                ["ID", "SIZE", "LAST ACCESSED", "DESCRIPTION"],
                .. records.Select(record => new[]
                {
                    record.Key[..12],
                    HumanSize.Format(BuildRecords.Bytes(record)),
                    HumanTime.Ago(record.Used, session.Time.GetUtcNow()),
                    record.Title,
                }),
                .. repositories.Select(one => new[]
                {
                    one.Key[..12], HumanSize.Format(one.Bytes), HumanTime.Ago(one.Used, session.Time.GetUtcNow()), "git repository " + one.Remote,
                }),
            ]);
        session.Output.WriteLine($"Total:\t{HumanSize.Format(BuildRecords.Bytes(records) + repositories.Sum(static one => one.Bytes))}");
        return 0;
    }

    private static int Prune(Session session, ParsedArguments arguments)
    {
        if (!Consent.Given(session, arguments.Get(Force), "WARNING! This will remove the builder's cache."))
        {
            return 0;
        }

        using TareEngine engine = session.OpenEngine();
        long kept = Math.Max(arguments.Get(MaxUsed) ?? 0, arguments.Get(Keep) ?? 0);
        IReadOnlyList<KeptRepository> repositories = KeptRepositories.Prune(session, kept);
        IReadOnlyList<BuildRecord> gone = BuildRecords.Prune(engine.Images, kept);
        Table.Write(
            session.Output,
            [
                ["ID", "SIZE", "DESCRIPTION"],
                .. gone.Select(static record => new[] { record.Key[..12], HumanSize.Format(BuildRecords.Bytes(record)), record.Title }),
                .. repositories.Select(static one => new[] { one.Key[..12], HumanSize.Format(one.Bytes), "git repository " + one.Remote }),
            ]);
        session.Output.WriteLine($"Total:\t{HumanSize.Format(BuildRecords.Bytes(gone) + repositories.Sum(static one => one.Bytes))}");
        return 0;
    }
}
