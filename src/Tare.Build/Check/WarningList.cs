// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>Collects findings; those of rules that are skipped vanish.</summary>
internal sealed class WarningList(CheckOptions options)
{
    /// <summary>Findings that are kept; a file can have no more that anybody reads.</summary>
    public const int MaxWarnings = 1000;

    private readonly List<Warning> _warnings = [];

    /// <summary>In order of lines; those of one line in the order in which they were found.</summary>
    public IReadOnlyList<Warning> Sorted => [.. _warnings.OrderBy(static warning => warning.Range.Line)];

    public void Add(Rule rule, SourceRange range, string message)
    {
        Warning warning = new(rule, range, message);
        if (options.Allows(rule) && _warnings.Count < MaxWarnings && !_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }
}
