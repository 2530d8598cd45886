// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Cache;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Cache;

public sealed class StepInputsCodecTests
{
    private static readonly StepInputs Sample = new(
        "COPY",
        [new InputFact("destination", "/src"), new InputFact("--chmod", "ü")],
        [
            new FileFact("src", FileKind.Directory, 0b111_101_101, 0, 0, 0, 0),
            new FileFact("src/a", FileKind.Regular, 0b110_100_100, 7, uint.MaxValue, ulong.MaxValue, 9),
            new FileFact("src/l", FileKind.Symlink, 0, 0, 0, 3, 0),
            new FileFact("src/z", FileKind.Directory, 0, 0, 0, 5, 0) { IsSummary = true },
        ])
    {
        Origin = "here",
    };

    [Fact]
    public void What_is_written_is_read()
    {
        StepInputs read = StepInputsCodec.TryRead(StepInputsCodec.Write(Sample))!;

        Assert.Equal((Sample.Kind, Sample.Origin), (read.Kind, read.Origin));
        Assert.Equal(Sample.Facts, read.Facts);
        Assert.Equal(Sample.Files, read.Files);
    }

    [Fact]
    public void What_is_cut_short_or_of_another_version_is_not_read()
    {
        byte[] bytes = StepInputsCodec.Write(Sample);

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Null(StepInputsCodec.TryRead(bytes[..length])));
        Assert.Null(StepInputsCodec.TryRead([9, .. bytes[1..]]));
        Assert.Null(StepInputsCodec.TryRead([1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]));
    }

    [Fact]
    public void Files_give_way_when_they_take_too_much()
    {
        FileFact[] files = [.. Enumerable.Range(0, FileFacts.MaxFiles)
            .Select(i => new FileFact(new string((char)('a' + (i % 26)), 200) + i, FileKind.Regular, 0, 0, 0, 1, 0))];

        byte[] bytes = StepInputsCodec.Write(Sample with { Files = files });

        Assert.True(bytes.Length <= StepInputsCodec.MaxBytes);
        Assert.Empty(StepInputsCodec.TryRead(bytes)!.Files);
        Assert.Equal(Sample.Facts, StepInputsCodec.TryRead(bytes)!.Facts);
    }

    [Fact]
    public void Paths_share_their_beginnings()
    {
        FileFact[] files = [.. Enumerable.Range(0, 1000).Select(i => new FileFact($"a/long/path/that/repeats/{i:0000}", FileKind.Regular, 0x1a4, 0, 0, 1, 0))];

        Assert.True(StepInputsCodec.Write(Sample with { Files = files }).Length < 25_000);
    }
}
