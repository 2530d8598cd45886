// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>What a filter says, read rule by rule: the slow and plain form that the compiler must agree with.</summary>
internal sealed class SeccompReference(SeccompFilter filter, SeccompArchitecture architecture)
{
    private readonly ILookup<int, string> _names = Enumerable.Range(0, SystemCallTable.Count)
        .Select(i => (Number: SystemCallTable.Numbers(architecture)[i], Name: Encoding.ASCII.GetString(SystemCallTable.Name(i))))
        .Where(call => call.Number >= 0)
        .ToLookup(call => call.Number, call => call.Name);

    private readonly HashSet<string> _known = [.. filter.Known, .. filter.Rules.SelectMany(rule => rule.Names)];

    /// <summary>The verdict on a call, as a function of its arguments.</summary>
    internal Func<ulong[], SeccompVerdict> Decide(int number)
    {
        string[] names = [.. _names[number]];
        SeccompRule[] rules = [.. filter.Rules.Where(rule => rule.Names.Intersect(names).Any())];
        if (rules.FirstOrDefault(rule => rule.Arguments.Count == 0) is { } always)
        {
            return _ => always.Verdict;
        }

        bool isNewer = number < SystemCallTable.FirstPrivate
            ? number > _names.Where(Known).Max(call => call.Key)
            : !names.Any(_known.Contains);
        SeccompVerdict otherwise = (isNewer ? filter.Newer : null) ?? filter.Default;
        return arguments => rules.FirstOrDefault(rule => Holds(rule, names[0], arguments))?.Verdict ?? otherwise;
    }

    private bool Known(IGrouping<int, string> call) =>
        call.Key < SystemCallTable.FirstPrivate && call.Any(_known.Contains);

    private static bool Holds(SeccompRule rule, string name, ulong[] arguments)
    {
        byte[] call = Encoding.ASCII.GetBytes(name);
        int held = 0;
        foreach (SeccompComparison comparison in rule.Arguments)
        {
            bool isNarrow = (NarrowArguments.Of(call) >> comparison.Argument & 1) != 0;
            held += Holds(comparison, arguments[comparison.Argument], isNarrow ? uint.MaxValue : ulong.MaxValue) ? 1 : 0;
        }

        bool hasTwice = rule.Arguments.GroupBy(comparison => comparison.Argument).Any(group => group.Count() > 1);
        return hasTwice ? held > 0 : held == rule.Arguments.Count;
    }

    private static bool Holds(SeccompComparison comparison, ulong argument, ulong width)
    {
        ulong have = argument & width;
        ulong value = comparison.Value & width;
        return comparison.Operator switch
        {
            SeccompOperator.NotEqual => have != value,
            SeccompOperator.Less => have < value,
            SeccompOperator.LessOrEqual => have <= value,
            SeccompOperator.Equal => have == value,
            SeccompOperator.GreaterOrEqual => have >= value,
            SeccompOperator.Greater => have > value,
            SeccompOperator.MaskedEqual => (have & value) == (comparison.Second & width),
            _ => throw new InvalidOperationException(),
        };
    }
}
