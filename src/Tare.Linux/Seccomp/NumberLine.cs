// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>The numbers 0 to 2^32-1 of one AUDIT_ARCH, cut where the decision changes.</summary>
internal sealed class NumberLine
{
    /// <summary>Numbers of x32 have this bit; __X32_SYSCALL_BIT of asm/unistd.h.</summary>
    internal const uint X32Bit = 0x40000000;

    private readonly List<Segment> _segments = new(256);

    /// <summary>In order; the first begins at 0, neighbours differ.</summary>
    internal IReadOnlyList<Segment> Segments => _segments;

    /// <summary>The line of an architecture; that of x86_64 has x32 on it, or in its place the foreign verdict.</summary>
    internal static NumberLine Of(SeccompArchitecture architecture, SeccompFilter filter, SeccompDecisions decisions)
    {
        SeccompDecision newer = filter.Newer is { } verdict ? new(verdict) : decisions.Default;
        NumberLine line = new();
        bool isX32Alone = architecture == SeccompArchitecture.X32;
        if (isX32Alone)
        {
            line.Append(0, new(filter.Foreign));
        }
        else
        {
            line.Append(architecture, 0, decisions, newer);
        }

        if (isX32Alone || architecture == SeccompArchitecture.X86_64)
        {
            line.AppendX32(filter, decisions, newer);
        }

        return line;
    }

    private void AppendX32(SeccompFilter filter, SeccompDecisions decisions, SeccompDecision newer)
    {
        if (filter.Architectures.Contains(SeccompArchitecture.X32))
        {
            Append(SeccompArchitecture.X32, X32Bit, decisions, newer);
            return;
        }

        // -1 is no x32 call but what a tracer or a broken program leaves: the kernel answers it with ENOSYS
        Append(X32Bit, new(filter.Foreign));
        Append(uint.MaxValue, newer);
    }

    private void Append(
        SeccompArchitecture architecture, uint firstNumber, SeccompDecisions decisions, SeccompDecision newer)
    {
        ReadOnlySpan<int> numbers = SystemCallTable.Numbers(architecture);
        var byNumber = new SeccompDecision?[FirstUnused(numbers)];
        int newest = -1;
        for (int name = 0; name < numbers.Length; name++)
        {
            int number = numbers[name];
            if (number >= 0 && number < byNumber.Length && decisions[name] is { } decision)
            {
                byNumber[number] = Stronger(byNumber[number], decision, decisions.Default);
                newest = Math.Max(newest, number);
            }
        }

        for (int number = 0; number <= newest; number++)
        {
            Append(firstNumber + (uint)number, byNumber[number] ?? decisions.Default);
        }

        Append(firstNumber + (uint)(newest + 1), newer);
        AppendPrivate(numbers, decisions, newer);
    }

    private void AppendPrivate(ReadOnlySpan<int> numbers, SeccompDecisions decisions, SeccompDecision newer)
    {
        var found = new SortedList<int, SeccompDecision>();
        for (int name = 0; name < numbers.Length; name++)
        {
            if (numbers[name] >= SystemCallTable.FirstPrivate && decisions[name] is { } decision)
            {
                found[numbers[name]] = decision;
            }
        }

        foreach ((int number, SeccompDecision decision) in found)
        {
            Append((uint)number, decision);
            Append((uint)number + 1, newer);
        }
    }

    private void Append(uint first, SeccompDecision decision)
    {
        if (_segments.Count > 0 && _segments[^1].First == first)
        {
            _segments.RemoveAt(_segments.Count - 1);
        }

        if (_segments.Count == 0 || !_segments[^1].Decision.IsSame(decision))
        {
            _segments.Add(new(first, decision));
        }
    }

    /// <summary>Two names can share a number (sync_file_range2 and arm_sync_file_range): what a rule says wins.</summary>
    private static SeccompDecision Stronger(SeccompDecision? one, SeccompDecision other, SeccompDecision byDefault) =>
        one is null || one == byDefault || (other.IsUnconditional && other != byDefault && !one.IsUnconditional)
            ? other
            : one;

    private static int FirstUnused(ReadOnlySpan<int> numbers)
    {
        int newest = -1;
        foreach (int number in numbers)
        {
            if (number < SystemCallTable.FirstPrivate)
            {
                newest = Math.Max(newest, number);
            }
        }

        return newest + 1;
    }

    /// <summary>Numbers from here to the next segment.</summary>
    internal readonly record struct Segment(uint First, SeccompDecision Decision);
}
