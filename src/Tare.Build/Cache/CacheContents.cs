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
    /// <summary>Records, then cache mounts, then repositories; what was used last is at the end of each.</summary>
    /// <param name="store">has the records</param>
    /// <param name="builder">the builder's folder; lent; null: there is none yet</param>
    public static IReadOnlyList<CacheItem> Read(ImageStore store, Fd? builder) =>
        [.. BuildRecords.List(store).Select(ToItem), .. Mounts(builder), .. Repositories(builder).Select(ToItem)];

    /// <summary>Removes what a budget has no room for; answers what went.</summary>
    /// <inheritdoc cref="Read"/>
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
            chosen = budget.Choose([.. all.Select(ToItem), .. mounts, .. repositories.Select(ToItem)], freeBytes);
            HashSet<string> keys = [.. chosen.Where(static one => one.Kind == CacheItem.Record).Select(static one => one.Id)];
            return all.Where(one => keys.Contains(one.Record.Key));
        });
        return
        [
            .. records.Select(ToItem),
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

    private static CacheItem ToItem(BuildRecordUse use) => new(use.Record.Key, CacheItem.Record, use.Record.Title, use.Bytes)
    {
        Group = use.Record.Layer?.Chain.ToString() ?? "",
        Created = use.Record.Created,
        Used = use.Record.Used,
        Uses = use.Record.Uses,
        IsInUse = use.IsInUse,
        IsShared = use.IsShared,
    };
}
