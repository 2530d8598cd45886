// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Starting;

/// <summary>What a starter does to a process from outside, as bytes for another one that does it: counts, position of the word to go on, score, whether the maps are there already, the two maps, the limits.</summary>
/// <remarks>Part of a keeper's order; clocks and scheduling, which no container of the engine's has, are not carried.</remarks>
internal static class OutsideCodec
{
    private const int FixedBytes = 16;
    private const int RangeBytes = 12;
    private const int LimitBytes = 20;
    private const int NoScore = int.MinValue;

    public static byte[] Encode(PlanOutside work, int goAt)
    {
        if (work is { Scheduler: not null } or { IoPriority: not null } or { TimeOffsets: not null })
        {
            throw new ArgumentException("clocks and scheduling are not carried", nameof(work));
        }

        byte[] bytes = new byte[FixedBytes + RangeBytes * (work.UidMap.Count + work.GidMap.Count) + LimitBytes * work.Limits.Count];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)work.UidMap.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)work.GidMap.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)work.Limits.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), checked((ushort)goAt));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), work.OomScore ?? NoScore);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), work.IsMapped ? 1 : 0);
        Span<byte> rest = bytes.AsSpan(FixedBytes);
        foreach (IdMapping range in work.UidMap.Concat(work.GidMap))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, range.ContainerId);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], range.HostId);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], range.Size);
            rest = rest[RangeBytes..];
        }

        foreach (SetRlimit limit in work.Limits)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, limit.Resource);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[4..], limit.Soft);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[12..], limit.Hard);
            rest = rest[LimitBytes..];
        }

        return bytes;
    }

    /// <exception cref="FormatException">the bytes do not begin with such work</exception>
    public static PlanOutside Decode(ref ReadOnlySpan<byte> rest, out int goAt)
    {
        Require(rest.Length >= FixedBytes, "outside");
        int uids = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        int gids = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
        int limits = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        goAt = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        int score = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
        int isMapped = BinaryPrimitives.ReadInt32LittleEndian(rest[12..]);
        Require(isMapped is 0 or 1, "outside");
        rest = rest[FixedBytes..];
        Require(
            uids is > 0 and <= IdRanges.MaxLines && gids is > 0 and <= IdRanges.MaxLines
            && rest.Length >= RangeBytes * (uids + gids) + LimitBytes * limits,
            "outside");
        return new PlanOutside(Ranges(ref rest, uids), Ranges(ref rest, gids))
        {
            Limits = Limits(ref rest, limits),
            OomScore = score == NoScore ? null : score,
            IsMapped = isMapped == 1,
        };
    }

    private static IdMapping[] Ranges(ref ReadOnlySpan<byte> rest, int count)
    {
        var ranges = new IdMapping[count];
        for (int i = 0; i < count; i++)
        {
            ranges[i] = new(
                BinaryPrimitives.ReadUInt32LittleEndian(rest),
                BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            rest = rest[RangeBytes..];
        }

        return ranges;
    }

    private static SetRlimit[] Limits(ref ReadOnlySpan<byte> rest, int count)
    {
        var limits = new SetRlimit[count];
        for (int i = 0; i < count; i++)
        {
            int resource = BinaryPrimitives.ReadInt32LittleEndian(rest);
            Require(resource is >= 0 and < Rlimit.Count, "limit");
            limits[i] = new(
                Rlimit.Name(resource),
                resource,
                BinaryPrimitives.ReadUInt64LittleEndian(rest[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(rest[12..]));
            rest = rest[LimitBytes..];
        }

        return limits;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"keeper order: bad {what}");
        }
    }
}
