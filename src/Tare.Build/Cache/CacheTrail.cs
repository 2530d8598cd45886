// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Cache;

/// <summary>What a build used of the cache or gave it, for an export.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class CacheTrail
{
    private readonly Lock _gate = new();
    private readonly List<CacheEntry> _entries = [];
    private readonly SortedSet<string> _mounts = new(StringComparer.Ordinal);

    /// <summary>Steps, in the order in which they ended.</summary>
    public IReadOnlyList<CacheEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Ids of the cache mounts that steps name, whether they ran or not.</summary>
    public IReadOnlyList<string> Mounts
    {
        get
        {
            lock (_gate)
            {
                return [.. _mounts];
            }
        }
    }

    public void Add(CacheEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
        }
    }

    public void AddMount(string id)
    {
        lock (_gate)
        {
            _mounts.Add(id);
        }
    }
}
