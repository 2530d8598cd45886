// SPDX-License-Identifier: Apache-2.0
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;
using Tare.Runtime.Starting;

namespace Tare.Runtime.Tests.Starting;

public sealed class OutsideCodecTests
{
    private static readonly PlanOutside Work = new([new(0, 70_000, 1000), new(2000, 90_000, 1)], [new(0, 70_001, 1001)])
    {
        Limits = [new SetRlimit("RLIMIT_NOFILE", 7, 1024, ulong.MaxValue), new SetRlimit("RLIMIT_CORE", 4, 0, 0)],
        OomScore = -5,
    };

    [Fact]
    public void Work_survives_the_way_and_what_follows_is_left()
    {
        ReadOnlySpan<byte> rest = [.. OutsideCodec.Encode(Work, goAt: 9), 1, 2];

        PlanOutside read = OutsideCodec.Decode(ref rest, out int goAt);

        Assert.Equal(Work.Lines(), read.Lines());
        Assert.Equal(9, goAt);
        Assert.Equal([1, 2], rest.ToArray());
    }

    [Fact]
    public void Without_a_score_none_is_set()
    {
        ReadOnlySpan<byte> rest = OutsideCodec.Encode(Work with { OomScore = null, Limits = [] }, goAt: 0);

        Assert.Null(OutsideCodec.Decode(ref rest, out _).OomScore);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Maps_that_are_there_already_are_not_written_again(bool isMapped)
    {
        ReadOnlySpan<byte> rest = OutsideCodec.Encode(Work with { IsMapped = isMapped }, goAt: 0);

        Assert.Equal(isMapped, OutsideCodec.Decode(ref rest, out _).IsMapped);
    }

    [Fact]
    public void Bytes_that_are_cut_or_name_no_limit_are_refused()
    {
        byte[] whole = OutsideCodec.Encode(Work, goAt: 9);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => Decode(whole.AsSpan(0, length)));
        }

        whole[^20] = 16;
        Assert.Throws<FormatException>(() => Decode(whole));
        Assert.Throws<ArgumentException>(() => OutsideCodec.Encode(Work with { TimeOffsets = "boottime 1 0" }, 0));
    }

    private static PlanOutside Decode(ReadOnlySpan<byte> bytes) => OutsideCodec.Decode(ref bytes, out _);
}
