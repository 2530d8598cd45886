// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>The rules of a filter, sorted by call.</summary>
internal sealed class SeccompDecisions
{
    private const int ArgumentCount = 6;

    private readonly SeccompDecision?[] _byName = new SeccompDecision?[SystemCallTable.Count];
    private readonly SeccompDecision _default;

    internal SeccompDecisions(SeccompFilter filter)
    {
        _default = new(filter.Default);
        foreach (string name in filter.Known)
        {
            int index = SystemCallTable.IndexOf(name);
            if (index >= 0)
            {
                _byName[index] = _default;
            }
        }

        foreach (SeccompRule rule in filter.Rules)
        {
            Add(rule);
        }
    }

    /// <summary>What is decided for the call at this index of the table; null when the filter does not know it.</summary>
    internal SeccompDecision? this[int nameIndex] => _byName[nameIndex];

    internal SeccompDecision Default => _default;

    private void Add(SeccompRule rule)
    {
        Check(rule.Arguments);
        SeccompDecision? always = rule.Arguments.Count == 0 ? new(rule.Verdict) : null;
        foreach (string name in rule.Names)
        {
            int index = SystemCallTable.IndexOf(name);
            if (index < 0)
            {
                continue;
            }

            SeccompDecision? present = _byName[index];
            bool isDecided = present is not null && present != _default && present.IsUnconditional;
            if (isDecided)
            {
                continue;
            }

            _byName[index] = always ?? Extend(index, present, rule);
        }
    }

    private SeccompDecision Extend(int index, SeccompDecision? present, SeccompRule rule)
    {
        SeccompDecision decision = present is null || present == _default
            ? new(_default.Otherwise, NarrowArguments.Of(SystemCallTable.Name(index)))
            : present;
        decision.Add(rule);
        return decision;
    }

    private static void Check(IReadOnlyList<SeccompComparison> comparisons)
    {
        foreach (SeccompComparison comparison in comparisons)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(comparison.Argument);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(comparison.Argument, ArgumentCount);
        }
    }
}
