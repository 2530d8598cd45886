// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Tare.Build.Words;

/// <summary>Variables in the order in which they were set last; a value.</summary>
internal sealed class Variables
{
    private readonly ImmutableDictionary<string, Entry> _byName;
    private readonly int _next;

    private Variables(ImmutableDictionary<string, Entry> byName, int next)
    {
        _byName = byName;
        _next = next;
    }

    public static Variables None { get; } =
        new(ImmutableDictionary.Create<string, Entry>(StringComparer.Ordinal), 0);

    public int Count => _byName.Count;

    public IEnumerable<string> Names => Ordered.Select(static entry => entry.Key);

    /// <summary>Entries <c>NAME=value</c>, the one that was set last at the end.</summary>
    public IReadOnlyList<string> Pairs => [.. Ordered.Select(static entry => $"{entry.Key}={entry.Value.Value}")];

    private IEnumerable<KeyValuePair<string, Entry>> Ordered => _byName.OrderBy(static entry => entry.Value.Order);

    /// <summary>The value, or null when there is none.</summary>
    public string? this[string name] => _byName.TryGetValue(name, out Entry entry) ? entry.Value : null;

    /// <summary>With the variable set; one that had a value moves to the end.</summary>
    public Variables With(string name, string value) =>
        new(_byName.SetItem(name, new Entry(value, _next)), _next + 1);

    private readonly record struct Entry(string Value, int Order);
}
