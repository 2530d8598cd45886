// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Logs;

namespace Tare.Engine.Tests.Logs;

public class LogRecordReaderTests
{
    private readonly LogRecordReader _reader = new();

    [Fact]
    public void A_record_of_docker_is_read()
    {
        const string Line =
            """{"log":"\u003ca\u003e \u0009\r\\ 😀\ufffd\n","stream":"stderr","attrs":{"tag":"x"},"time":"2026-11-26T05:49:50.12Z"}""";

        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(Line), out LogRecord record));

        Assert.True(record.IsStderr);
        Assert.Equal("<a> \t\r\\ 😀\ufffd\n", Encoding.UTF8.GetString(record.Text.Span));
        Assert.Equal(new LogTime(1_795_672_190, 120_000_000), record.Time);
        Assert.Equal([new("tag", "x")], record.Attributes);
    }

    [Fact]
    public void Zeros_that_a_power_cut_left_before_a_record_do_not_matter()
    {
        byte[] line = [0, 0, 0, .. Encoding.UTF8.GetBytes(LogFolder.Line("x").TrimEnd())];

        Assert.True(_reader.TryRead(line, out LogRecord record));
        Assert.Equal("x\n", Encoding.UTF8.GetString(record.Text.Span));
    }

    [Fact]
    public void A_text_longer_than_those_before_is_read() =>
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(LogFolder.Line(new string('x', 100_000)).TrimEnd()), out _));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("text")]
    [InlineData("""{"log":"x","stream":"stdout"}""")]
    [InlineData("""{"log":"x","time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":"x","stream":"other","time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":"x","stream":"stdout","time":"yesterday"}""")]
    [InlineData("""{"log":"x","stream":"stdout","time":5}""")]
    [InlineData("""{"log":5,"stream":"stdout","time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":"x","stream":7,"time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":"\ud800","stream":"stdout","time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":"x","stream":"stdout","time":"2026-11-26T05:49:50Z"}{}""")]
    [InlineData("""{"log":"x","str{"log":"y","stream":"stdout","time":"2026-11-26T05:49:50Z"}""")]
    [InlineData("""{"log":{"a":{"b":[}""")]
    public void Other_lines_are_no_records(string line) =>
        Assert.False(_reader.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void Nothing_throws_whatever_the_damage()
    {
        var random = new Random(11);
        byte[] good = Encoding.UTF8.GetBytes(LogFolder.Line("a \\u003c ä € 😀").TrimEnd());
        for (int i = 0; i < 20_000; i++)
        {
            byte[] line = (byte[])good.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                line[random.Next(1, line.Length - 1)] = (byte)random.Next(256);
            }

            if (_reader.TryRead(line, out LogRecord record))
            {
                Assert.InRange(record.Text.Length, 0, line.Length);
            }
        }
    }
}
