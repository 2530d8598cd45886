// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Cache;

/// <summary>How much of the builder's cache is to stay.</summary>
/// <remarks>docker's rules: what was not used for the longest time goes first. Without any bound all of it goes.</remarks>
internal sealed record CacheBudget
{
    /// <summary>bytes that the cache may take; null: as many as it likes</summary>
    public long? MaxUsed { get; init; }

    /// <summary>bytes that always may stay</summary>
    public long Reserved { get; init; }

    /// <summary>bytes of the file system that shall be free; null: no matter</summary>
    public long? MinFree { get; init; }

    /// <summary>Also records that are of no cost, as an image is made of the same bytes.</summary>
    public bool All { get; init; }

    /// <summary>Which may go at all.</summary>
    public CacheFilter Filter { get; init; } = CacheFilter.None;

    /// <summary>What goes.</summary>
    /// <param name="items">all there is</param>
    /// <param name="freeBytes">of the file system</param>
    public IReadOnlyList<CacheItem> Choose(IReadOnlyList<CacheItem> items, long freeBytes)
    {
        Dictionary<string, int> members = items.Where(static one => one.Group.Length > 0)
            .GroupBy(static one => one.Group, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count());
        long used = OwnBytes(items), free = freeBytes;
        List<CacheItem> chosen = [];
        foreach (CacheItem item in items.Where(MayGo).OrderBy(static one => one.Used).ThenBy(static one => one.Id, StringComparer.Ordinal))
        {
            if (!IsTooMuch(used, free))
            {
                break;
            }

            chosen.Add(item);
            if (item.Group.Length == 0 || --members[item.Group] == 0)
            {
                long freed = item.IsShared ? 0 : item.Bytes;
                (used, free) = (used - freed, free + freed);
            }
        }

        return chosen;
    }

    /// <summary>Bytes that only the cache keeps.</summary>
    public static long OwnBytes(IEnumerable<CacheItem> items) => Bytes(items.Where(static one => !one.IsShared));

    /// <summary>Bytes of all; those of one group once.</summary>
    public static long Bytes(IEnumerable<CacheItem> items) =>
        items.DistinctBy(static one => one.Group.Length > 0 ? one.Group : one.Kind + one.Id).Sum(static one => one.Bytes);

    private bool MayGo(CacheItem item) => !item.IsInUse && (All || !item.IsShared) && Filter.Matches(item);

    private bool IsTooMuch(long used, long free) =>
        MaxUsed is null && MinFree is null ? Reserved == 0 || used > Reserved
        : used > Reserved && ((MaxUsed is { } max && used > max) || (MinFree is { } min && free < min));
}
