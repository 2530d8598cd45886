// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>What holds for the lines of a uid_map.</summary>
/// <remarks>man user_namespaces(7)</remarks>
internal static class IdRanges
{
    /// <summary>Lines that the kernel takes.</summary>
    public const int MaxLines = 340;

    private const ulong Ids = 1ul << 32;

    /// <exception cref="TareException">InvalidArgument: empty or too long, or a range that is empty, ends behind the last id or meets another</exception>
    public static void Check(IReadOnlyList<IdMapping> map, string what)
    {
        if (map.Count is 0 or > MaxLines)
        {
            throw Invalid($"{what}: {map.Count} ranges, not 1 to {MaxLines}");
        }

        CheckSide(map, what, range => range.ContainerId);
        CheckSide(map, what, range => range.HostId);
    }

    /// <summary>What an id inside is outside, or null: nothing.</summary>
    public static uint? Find(IReadOnlyList<IdMapping> map, uint id)
    {
        foreach (IdMapping range in map)
        {
            if (id >= range.ContainerId && id - range.ContainerId < range.Size)
            {
                return range.HostId + (id - range.ContainerId);
            }
        }

        return null;
    }

    /// <summary>The highest id inside that is not above this one; null: none.</summary>
    public static uint? Below(IReadOnlyList<IdMapping> map, uint id)
    {
        uint? best = null;
        foreach (IdMapping range in map)
        {
            if (range.ContainerId <= id)
            {
                uint last = (uint)Math.Min(id, range.ContainerId + (ulong)range.Size - 1);
                best = best is null || last > best ? last : best;
            }
        }

        return best;
    }

    private static void CheckSide(IReadOnlyList<IdMapping> map, string what, Func<IdMapping, uint> first)
    {
        ulong end = 0;
        foreach (IdMapping range in map.OrderBy(first))
        {
            ulong start = first(range);
            if (range.Size == 0 || start + range.Size >= Ids || start < end)
            {
                throw Invalid($"{what}: the range {range.ContainerId}:{range.HostId}:{range.Size} is empty, too long or meets another");
            }

            end = start + range.Size;
        }
    }

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
