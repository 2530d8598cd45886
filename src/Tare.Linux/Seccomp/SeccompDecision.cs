// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>What all rules together say about one call: the first alternative that holds, or else the last word.</summary>
/// <param name="otherwise">what happens when no alternative holds</param>
/// <param name="narrow">which arguments the kernel reads as 32 bits, see <see cref="NarrowArguments"/></param>
internal sealed class SeccompDecision(SeccompVerdict otherwise, int narrow = 0)
{
    private readonly List<Alternative> _alternatives = [];

    internal SeccompVerdict Otherwise => otherwise;

    internal IReadOnlyList<Alternative> Alternatives => _alternatives;

    internal bool IsUnconditional => _alternatives.Count == 0;

    /// <summary>Adds a conditional rule behind those that are there.</summary>
    internal void Add(SeccompRule rule)
    {
        if (HasArgumentTwice(rule.Arguments))
        {
            foreach (SeccompComparison comparison in rule.Arguments)
            {
                _alternatives.Add(new([comparison], rule.Verdict));
            }

            return;
        }

        _alternatives.Add(new(rule.Arguments, rule.Verdict));
    }

    internal ArgumentTest Test(int alternative, int comparison, bool has32BitRegisters)
    {
        SeccompComparison found = _alternatives[alternative].Comparisons[comparison];
        return new(found, (narrow >> found.Argument & 1) != 0, has32BitRegisters);
    }

    internal bool IsSame(SeccompDecision other) =>
        ReferenceEquals(this, other) || (IsUnconditional && other.IsUnconditional && Otherwise == other.Otherwise);

    private static bool HasArgumentTwice(IReadOnlyList<SeccompComparison> comparisons)
    {
        int seen = 0;
        foreach (SeccompComparison comparison in comparisons)
        {
            int bit = 1 << comparison.Argument;
            if ((seen & bit) != 0)
            {
                return true;
            }

            seen |= bit;
        }

        return false;
    }

    internal readonly record struct Alternative(IReadOnlyList<SeccompComparison> Comparisons, SeccompVerdict Verdict);
}
