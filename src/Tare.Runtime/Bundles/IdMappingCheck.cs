// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>A list of ranges of ids, as the kernel takes it.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#user-namespace-mappings; man user_namespaces(7)</remarks>
internal static class IdMappingCheck
{
    /// <summary>Lines that the kernel takes.</summary>
    private const int MaxMappings = 340;

    public static void Check(IReadOnlyList<IdMapping>? mappings, string at)
    {
        if (mappings is { Count: > MaxMappings })
        {
            throw SpecFault.At(at, $"{mappings.Count} mappings, more than {MaxMappings}");
        }

        for (int i = 0; i < mappings?.Count; i++)
        {
            CheckRange(mappings[i], $"{at}[{i}]");
            for (int other = 0; other < i; other++)
            {
                CheckPair(mappings[i], mappings[other], $"{at}[{i}]", $"{at}[{other}]");
            }
        }
    }

    /// <summary>The last id of all is nobody's.</summary>
    private static void CheckRange(IdMapping mapping, string at)
    {
        if (mapping.Size == 0)
        {
            throw SpecFault.At($"{at}.size", "want a number above 0");
        }

        if ((ulong)mapping.ContainerId + mapping.Size > uint.MaxValue)
        {
            throw SpecFault.At($"{at}.size", $"ids from {mapping.ContainerId} on are fewer than {mapping.Size}");
        }

        if ((ulong)mapping.HostId + mapping.Size > uint.MaxValue)
        {
            throw SpecFault.At($"{at}.size", $"ids from {mapping.HostId} on are fewer than {mapping.Size}");
        }
    }

    private static void CheckPair(IdMapping a, IdMapping b, string at, string other)
    {
        if (Overlap(a.ContainerId, a.Size, b.ContainerId, b.Size))
        {
            throw SpecFault.At($"{at}.containerID", $"overlaps with {other}");
        }

        if (Overlap(a.HostId, a.Size, b.HostId, b.Size))
        {
            throw SpecFault.At($"{at}.hostID", $"overlaps with {other}");
        }
    }

    private static bool Overlap(ulong first, uint count, ulong otherFirst, uint otherCount) =>
        first < otherFirst + otherCount && otherFirst < first + count;
}
