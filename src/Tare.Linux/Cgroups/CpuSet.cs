// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Tare.Linux.Cgroups;

/// <summary>A set of processors or memory nodes, written <c>0-3,5</c>.</summary>
/// <remarks>man cpuset(7), list format</remarks>
internal sealed class CpuSet
{
    /// <summary>NR_CPUS of the largest kernels.</summary>
    internal const int MaxNumber = 8191;

    private const int WordBits = 64;

    private readonly ulong[] _words = new ulong[(MaxNumber + 1) / WordBits];

    private CpuSet()
    {
    }

    internal int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>False for anything but a list of numbers up to <see cref="MaxNumber"/> and rising ranges.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CpuSet? set)
    {
        set = new CpuSet();
        foreach (Range range in text.Split(','))
        {
            if (!set.TryAdd(text[range]))
            {
                set = null;
                return false;
            }
        }

        return true;
    }

    /// <summary>One bit for each number, as sched_setaffinity(2) and set_mempolicy(2) take them; whole words of eight bytes.</summary>
    internal byte[] ToMask()
    {
        int words = _words.AsSpan().LastIndexOfAnyExcept(0ul) + 1;
        byte[] mask = new byte[words * sizeof(ulong)];
        for (int i = 0; i < words; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(mask.AsSpan(i * sizeof(ulong)), _words[i]);
        }

        return mask;
    }

    /// <summary>All of it, in order.</summary>
    internal IEnumerable<int> Numbers()
    {
        for (int number = 0; number <= MaxNumber; number++)
        {
            if ((_words[number / WordBits] >> (number % WordBits) & 1) != 0)
            {
                yield return number;
            }
        }
    }

    internal bool IsSubsetOf(CpuSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~other._words[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(ReadOnlySpan<char> part)
    {
        int dash = part.IndexOf('-');
        ReadOnlySpan<char> lower = dash < 0 ? part : part[..dash];
        ReadOnlySpan<char> upper = dash < 0 ? part : part[(dash + 1)..];
        if (!TryParseNumber(lower, out int first) || !TryParseNumber(upper, out int last) || first > last)
        {
            return false;
        }

        for (int number = first; number <= last; number++)
        {
            _words[number / WordBits] |= 1ul << (number % WordBits);
        }

        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '9' || (number = (number * 10) + (c - '0')) > MaxNumber)
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
