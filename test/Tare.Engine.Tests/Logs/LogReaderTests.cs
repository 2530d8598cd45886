// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Logs;
using Tare.Keeper.Log;
using static Tare.Engine.Tests.Logs.LogFolder;

namespace Tare.Engine.Tests.Logs;

public sealed class LogReaderTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_files_are_read_from_the_oldest_on()
    {
        System.IO.File.WriteAllText(_folder.File(2), Line("a") + Line("b"));
        System.IO.File.WriteAllText(_folder.File(1), Line("c"));
        System.IO.File.WriteAllText(_folder.File(), Line("d"));

        Assert.Equal(["a\n", "b\n", "c\n", "d\n"], _folder.Read());
    }

    [Fact]
    public void No_log_has_no_records()
    {
        Assert.Empty(_folder.Read());
        Assert.Empty(_folder.Read(new LogQuery(Tail: 5)));
    }

    [Fact]
    public void A_number_that_is_missing_for_a_moment_does_not_hide_what_is_older()
    {
        System.IO.File.WriteAllText(_folder.File(3), Line("a"));
        System.IO.File.WriteAllText(_folder.File(1), Line("b"));
        System.IO.File.WriteAllText(_folder.File(), Line("c"));

        Assert.Equal(["a\n", "b\n", "c\n"], _folder.Read());
    }

    [Theory]
    [InlineData(0, new string[0])]
    [InlineData(1, new[] { "d\n" })]
    [InlineData(2, new[] { "c\n", "d\n" })]
    [InlineData(3, new[] { "b\n", "c\n", "d\n" })]
    [InlineData(4, new[] { "a\n", "b\n", "c\n", "d\n" })]
    [InlineData(9, new[] { "a\n", "b\n", "c\n", "d\n" })]
    [InlineData(long.MaxValue, new[] { "a\n", "b\n", "c\n", "d\n" })]
    public void The_tail_may_begin_in_an_older_file(long tail, string[] texts)
    {
        System.IO.File.WriteAllText(_folder.File(1), Line("a") + Line("b"));
        System.IO.File.WriteAllText(_folder.File(), Line("c") + Line("d"));

        Assert.Equal(texts, _folder.Read(new LogQuery(Tail: tail)));
    }

    [Fact]
    public void The_tail_of_a_huge_file_is_found_from_its_end()
    {
        using (FileStream file = System.IO.File.Create(_folder.File()))
        {
            // a hole of 8 TB, which nobody can read in the time of a test
            file.SetLength(8L << 40);
            file.Seek(0, SeekOrigin.End);
            file.Write(Bytes("\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => Line($"line {i}")))));
        }

        Assert.Equal(
            Enumerable.Range(4990, 10).Select(i => $"line {i}\n"), _folder.Read(new LogQuery(Tail: 10)));
        Assert.Equal(4000, _folder.Read(new LogQuery(Tail: 4000)).Length);
    }

    [Fact]
    public void Times_bound_what_is_read_on_both_sides_and_belong_to_it()
    {
        System.IO.File.WriteAllText(
            _folder.File(),
            string.Concat(Enumerable.Range(1, 5).Select(i => Line($"{i}", $"2026-11-26T00:00:00.00000000{i}Z"))));
        LogTime At(int nanosecond) => LogTime.ParseRecord(Bytes($"2026-11-26T00:00:00.00000000{nanosecond}Z"))!.Value;

        Assert.Equal(["3\n", "4\n", "5\n"], _folder.Read(new LogQuery(Since: At(3))));
        Assert.Equal(["1\n", "2\n"], _folder.Read(new LogQuery(Until: At(2))));
        Assert.Equal(["2\n", "3\n"], _folder.Read(new LogQuery(At(2), At(3))));
        Assert.Equal(["4\n"], _folder.Read(new LogQuery(Until: At(4), Tail: 2)));
    }

    [Fact]
    public void Damaged_lines_are_passed_over()
    {
        System.IO.File.WriteAllBytes(_folder.File(), [
            .. "garbage\n\n{\"log\":\n"u8, 0xFF, 0xFE, .. "\n"u8, .. Bytes(Line("a")), .. new byte[5000], .. "\n"u8,
            .. Bytes(Line("b")), .. "{\"log\":\"torn"u8]);

        Assert.Equal(["a\n", "b\n"], _folder.Read());
    }

    [Fact]
    public void A_line_beyond_all_bounds_is_passed_over_in_bounded_memory()
    {
        System.IO.File.WriteAllText(_folder.File(), Line("a"));
        using (FileStream file = System.IO.File.OpenWrite(_folder.File()))
        {
            file.SetLength(300 << 20);
            file.Seek(0, SeekOrigin.End);
            file.Write(Bytes("\n" + Line("b")));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(["a\n", "b\n"], _folder.Read());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * LogLines.MaxLineBytes);
    }

    [Fact]
    public void A_long_line_within_the_bounds_is_read()
    {
        string text = new('x', LogLines.MaxLineBytes - 200);
        System.IO.File.WriteAllText(_folder.File(), Line("a") + Line(text) + Line("b"));

        Assert.Equal(["a\n", text + "\n", "b\n"], _folder.Read());
    }

    [Fact]
    public void A_whole_record_that_lacks_only_its_line_end_is_read()
    {
        System.IO.File.WriteAllText(_folder.File(1), Line("a").TrimEnd());
        System.IO.File.WriteAllText(_folder.File(), Line("b") + Line("c").TrimEnd());

        Assert.Equal(["a\n", "b\n", "c\n"], _folder.Read());
    }

    [Fact]
    public void What_is_written_after_the_beginning_is_not_read_so_that_there_is_an_end()
    {
        System.IO.File.WriteAllText(_folder.File(), Line("a") + Line("b"));
        using LogFiles files = _folder.Files();
        using var reader = new LogReader(files, new LogQuery());
        Assert.True(reader.TryRead(out _));

        System.IO.File.AppendAllText(_folder.File(), Line("c"));

        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryReadRest(out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Any_bytes_come_back_in_their_order_however_they_were_written(int seed)
    {
        var random = new Random(seed);
        string[] written = ["", ""];
        StringBuilder[] read = [new(), new()];
        int maxBytes = random.Next(1, 4) switch { 1 => 1, 2 => 300, _ => 50_000 };
        byte[][] streams = [Content(random), Content(random)];
        using (LogFile log = _folder.Write(maxBytes, maxFiles: 450))
        {
            int[] done = [0, 0];
            while (done[0] + done[1] < streams[0].Length + streams[1].Length)
            {
                int which = random.Next(2);
                int length = Math.Min(random.Next(1, random.Next(1, 3000)), streams[which].Length - done[which]);
                log.Write(which == 1, streams[which].AsSpan(done[which], length));
                done[which] += length;
            }

            log.End();
            Assert.Equal(0, log.Dropped);
        }

        using LogFiles files = _folder.Files();
        using var reader = new LogReader(files, new LogQuery());
        while (reader.TryRead(out LogRecord record))
        {
            read[record.IsStderr ? 1 : 0].Append(Encoding.UTF8.GetString(record.Text.Span));
        }

        written = [.. streams.Select(bytes => Encoding.UTF8.GetString(EachBadByteReplaced(bytes)))];
        Assert.Equal(written[0], read[0].ToString());
        Assert.Equal(written[1], read[1].ToString());
    }

    /// <summary>Few enough lines for the number of files.</summary>
    private static byte[] Content(Random random)
    {
        List<byte> content = [];
        for (int lines = random.Next(150); lines > 0; lines--)
        {
            byte[] line = new byte[random.Next(10) == 0 ? random.Next(60_000) : random.Next(200)];
            random.NextBytes(line);
            line.AsSpan().Replace((byte)'\n', (byte)' ');
            content.AddRange(random.Next(3) switch
            {
                0 => line,
                1 => Encoding.UTF8.GetBytes(string.Concat(line.Select(value => new Rune(value * 400 % 0xD800)))
                    .Replace('\n', ' ')),
                _ => [.. line.Select(value => (byte)((value % 95) + 32))],
            });
            content.Add((byte)'\n');
        }

        return [.. content, .. "no end"u8];
    }

    private static byte[] EachBadByteReplaced(ReadOnlySpan<byte> text)
    {
        List<byte> result = [];
        while (!text.IsEmpty)
        {
            bool good = Rune.DecodeFromUtf8(text, out _, out int length) == System.Buffers.OperationStatus.Done;
            for (int i = 0; i < length; i++)
            {
                result.AddRange(good ? [text[i]] : "\ufffd"u8.ToArray());
            }

            text = text[length..];
        }

        return [.. result];
    }
}
