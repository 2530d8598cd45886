// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning;

/// <summary>Sets of capabilities, one bit each.</summary>
/// <remarks>man capabilities(7)</remarks>
internal static class CapabilityBits
{
    /// <summary>Without it seccomp(2) wants no_new_privs.</summary>
    public const ulong SysAdmin = 1UL << 21;

    /// <summary>The bits of these names; one that is unknown is passed over.</summary>
    /// <remarks>runtime-spec v1.3 config.md#linux-process: a value that cannot be mapped must not be an error.</remarks>
    public static ulong Set(IReadOnlyList<string>? names)
    {
        ulong set = 0;
        foreach (string name in names ?? [])
        {
            set |= Capabilities.TryParse(name, out int bit) ? 1UL << bit : 0;
        }

        return set;
    }

    /// <summary>For a printed plan: the names while they are few, else how many.</summary>
    public static string Describe(ulong set)
    {
        const int Few = 16;
        int count = BitOperations.PopCount(set);
        return count switch
        {
            0 => "none",
            <= Few => string.Join(' ', Bits(set).Select(bit => Capabilities.Name(bit).Replace("CAP_", "", StringComparison.Ordinal))),
            _ => $"{count} capabilities",
        };
    }

    private static IEnumerable<int> Bits(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set);
        }
    }
}
