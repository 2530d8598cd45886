// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Build.Steps;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;

namespace Tare.Build.Cache;

/// <summary>All that the builder's cache holds, and less of it.</summary>
internal static class CacheContents
{
    /// <summary>Results of steps, then cache mounts, then repositories; what was used last is at the end of each.</summary>
    /// <param name="store">has the records</param>
    /// <param name="builder">the builder's folder; lent; null: there is none yet</param>
    public static IReadOnlyList<CacheItem> Read(ImageStore store, Fd? builder) =>
        [.. ToItems(BuildRecords.List(store)), .. Mounts(builder), .. Repositories(builder).Select(ToItem)];

    /// <summary>Removes what a budget has no room for; answers what went.</summary>
    /// <param name="store">has the records</param>
    /// <param name="builder">the builder's folder; lent; null: there is none yet</param>
    /// <param name="budget">what may stay</param>
    /// <param name="freeBytes">of the file system</param>
    public static IReadOnlyList<CacheItem> Prune(ImageStore store, Fd? builder, CacheBudget budget, long freeBytes)
    {
        IReadOnlyList<CacheItem> mounts = Mounts(builder);
        IReadOnlyList<KeptRepository> repositories = Repositories(builder);
        IReadOnlyList<CacheItem> chosen = [];
        IReadOnlyList<BuildRecordUse> records = BuildRecords.Prune(store, all =>
        {
            chosen = budget.Choose([.. ToItems(all), .. mounts, .. repositories.Select(ToItem)], freeBytes);
            HashSet<string> ids = [.. chosen.Where(static one => one.Kind == CacheItem.Record).Select(static one => one.Id)];
            return all.GroupBy(ResultOf).Where(group => ids.Contains(group.Last().Record.Key)).SelectMany(static group => group);
        });
        return
        [
            .. ToItems(records),
            .. chosen.Where(one => one.Kind == CacheItem.Mount && CacheFolder.TryRemove(builder!, one.Id)),
            .. chosen.Where(one => one.Kind == CacheItem.Repository
                && GitRepositories.TryRemove(builder!, repositories.First(kept => kept.Key == one.Id))),
        ];
    }

    private static IReadOnlyList<CacheItem> Mounts(Fd? builder) => builder is null ? [] : CacheFolder.List(builder);

    private static IReadOnlyList<KeptRepository> Repositories(Fd? builder) =>
        builder is null ? [] : [.. GitRepositories.List(builder).OrderBy(static one => one.Used)];

    private static CacheItem ToItem(KeptRepository one) =>
        new(one.Key, CacheItem.Repository, "git repository " + one.Remote, one.Bytes) { Created = one.Used, Used = one.Used };

    /// <summary>Several keys may lead to what one step made: that is one thing.</summary>
    private static IEnumerable<CacheItem> ToItems(IReadOnlyList<BuildRecordUse> records) =>
        records.GroupBy(ResultOf).Select(static group => ToItem([.. group])).OrderBy(static one => one.Used).ThenBy(static one => one.Id, StringComparer.Ordinal);

    private static (string Title, string Result) ResultOf(BuildRecordUse use) =>
        (use.Record.Title, use.Record.Layer?.Chain.ToString() ?? use.Record.Key);

    private static CacheItem ToItem(IReadOnlyList<BuildRecordUse> uses)
    {
        BuildRecordUse last = uses[^1];
        return new CacheItem(last.Record.Key, CacheItem.Record, last.Record.Title, last.Bytes)
        {
            Group = last.Record.Layer?.Chain.ToString() ?? "",
            Created = uses.Min(static one => one.Record.Created),
            Used = last.Record.Used,
            Uses = uses.Max(static one => one.Record.Uses),
            IsInUse = last.IsInUse,
            IsShared = last.IsShared,
        };
    }
}
