// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>What was promised when: which content names may have after a crash.</summary>
/// <remarks>Thread-safe; operations on one name do not overlap.</remarks>
internal sealed class Promises(BlockLog log)
{
    private readonly Lock _lock = new();
    private readonly List<Promise> _all = [];

    /// <summary>The moments at which an operation began or was acknowledged.</summary>
    public IEnumerable<int> Moments => _all.SelectMany(promise => new[] { promise.Begun, promise.Acknowledged });

    public int Count => _all.Count;

    /// <summary>Does something to names.</summary>
    /// <param name="what">in the words of a report</param>
    /// <param name="act">returns when it is acknowledged</param>
    /// <param name="look">what the names lead to</param>
    /// <param name="names">all that it changes</param>
    public void Keep(string what, Action act, Func<IReadOnlyDictionary<string, string>> look, params string[] names)
    {
        int begun = log.Now;
        act();
        int acknowledged = log.Now;
        IReadOnlyDictionary<string, string> found = look();
        lock (_lock)
        {
            _all.Add(new(what, begun, acknowledged, names.ToDictionary(name => name, name => found.GetValueOrDefault(name))));
        }
    }

    /// <summary>What is wrong with a state after a crash at that moment; a line each.</summary>
    public IEnumerable<string> Broken(int moment, IReadOnlyDictionary<string, string> found)
    {
        HashSet<string> names = [.. found.Keys, .. _all.SelectMany(promise => promise.Names.Keys)];
        foreach (string name in names)
        {
            Promise? kept = _all.Where(p => p.Acknowledged <= moment && p.Names.ContainsKey(name)).MaxBy(p => p.Acknowledged);
            Promise? pending = _all.FirstOrDefault(p => p.Begun <= moment && moment < p.Acknowledged && p.Names.ContainsKey(name));
            string? is_ = found.GetValueOrDefault(name);
            bool isKept = is_ == kept?.Names[name];
            if (!isKept && (pending is null || is_ != pending.Names[name]))
            {
                yield return $"{name} is {is_ ?? "absent"}, want {kept?.Names[name] ?? "absent"} ({kept?.What ?? "never made"})"
                    + (pending is null ? "" : $" or {pending.Names[name] ?? "absent"} ({pending.What})");
            }
        }
    }

    private sealed record Promise(string What, int Begun, int Acknowledged, Dictionary<string, string?> Names);
}
