// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Log;
using static Tare.Keeper.Tests.Log.LogFolder;

namespace Tare.Keeper.Tests.Log;

public sealed class LogFileTests : IDisposable
{
    private const int Long = LogFile.MaxLineBytes;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_records_in_dockers_format()
    {
        using LogFile log = _folder.Open();
        _folder.Clock.Now = new DateTimeOffset(2026, 11, 26, 5, 49, 50, TimeSpan.Zero).AddTicks(1_285_422);

        log.Write(isStderr: false, "one\n\ntwo\n"u8);
        _folder.Clock.Now = new DateTimeOffset(2026, 11, 26, 5, 49, 51, TimeSpan.Zero);
        log.Write(isStderr: true, "three\n"u8);

        Assert.Equal(
            """
            {"log":"one\n","stream":"stdout","time":"2026-11-26T05:49:50.1285422Z"}
            {"log":"\n","stream":"stdout","time":"2026-11-26T05:49:50.128542201Z"}
            {"log":"two\n","stream":"stdout","time":"2026-11-26T05:49:50.128542202Z"}
            {"log":"three\n","stream":"stderr","time":"2026-11-26T05:49:51Z"}

            """,
            _folder.Content());
    }

    [Fact]
    public void Attributes_stand_in_each_record_and_count_for_its_length()
    {
        string attributes = $"{{\"x\":\"{new string('y', 900)}\"}}";
        using (var log = new LogFile(_folder.Fd, Name, new LogLimits(2500, 2), _folder.Clock, attributes))
        {
            log.Write(isStderr: false, "one\ntwo\nthree\n"u8);
        }

        // three records do not fit into one file
        string line = _folder.Content()!;
        Assert.StartsWith($"{{\"log\":\"three\\n\",\"stream\":\"stdout\",\"attrs\":{attributes},\"time\":\"", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_is_there_before_the_first_line_and_only_root_and_its_group_read_it()
    {
        using LogFile log = _folder.Open();

        Assert.Equal("", _folder.Content());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode($"{_folder.Path}/c-json.log"));
    }

    [Fact]
    public void A_line_waits_for_its_end_while_the_other_stream_goes_on()
    {
        using LogFile log = _folder.Open();

        log.Write(isStderr: false, "be"u8);
        log.Write(isStderr: true, "other\n"u8);
        Assert.Equal(["other\n"], Texts(0));
        log.Write(isStderr: false, "gin\nnext"u8);

        Assert.Equal(["other\n", "begin\n"], Texts(0));
    }

    [Fact]
    public void At_the_end_what_waits_is_logged_without_a_line_end()
    {
        using LogFile log = _folder.Open();
        log.Write(isStderr: true, "no end err"u8);
        log.Write(isStderr: false, "no end"u8);

        log.End();
        log.End();

        Assert.Equal(["no end", "no end err"], Texts(0));
    }

    [Theory]
    [InlineData(Long - 1, new[] { Long })]
    [InlineData(Long, new[] { Long, 1 })]
    [InlineData(Long + 5, new[] { Long, 6 })]
    [InlineData(40000, new[] { Long, Long, 40000 - (2 * Long) + 1 })]
    public void A_long_line_is_cut_where_docker_cuts_it(int length, int[] records)
    {
        using LogFile log = _folder.Open();

        log.Write(isStderr: false, Text(new string('x', length) + "\n"));

        Assert.Equal(records, Texts(0).Select(text => text.Length));
        Assert.Equal(new string('x', length) + "\n", string.Concat(Texts(0)));
    }

    [Fact]
    public void The_records_of_one_line_have_one_time()
    {
        using LogFile log = _folder.Open();

        log.Write(isStderr: false, Text("a\n" + new string('x', Long)));
        _folder.Clock.Advance(TimeSpan.FromSeconds(5));
        log.Write(isStderr: false, "end\nb\n"u8);

        Assert.Equal(
            ["05:49:50Z", "05:49:50.000000001Z", "05:49:50.000000001Z", "05:49:55Z"],
            Records(0).Select(record => record.GetProperty("time").GetString()![11..]));
    }

    [Fact]
    public void A_character_is_not_cut_in_two()
    {
        using LogFile log = _folder.Open();
        string text = new string('x', Long - 2) + "€" + new string('y', 10);

        log.Write(isStderr: false, Text(text + "\n"));

        Assert.Equal([new string('x', Long - 2), "€yyyyyyyyyy\n"], Texts(0));
    }

    [Fact]
    public void A_line_of_controls_is_one_record_although_it_grows_beyond_the_buffer()
    {
        using LogFile log = _folder.Open();

        log.Write(isStderr: false, new byte[Long]);
        log.Write(isStderr: false, "\nafter\n"u8);

        Assert.Equal([new string('\0', Long), "\n", "after\n"], Texts(0));
    }

    [Fact]
    public void An_existing_log_is_continued()
    {
        using (LogFile first = _folder.Open())
        {
            first.Write(isStderr: false, "one\n"u8);
        }

        using LogFile second = _folder.Open();
        second.Write(isStderr: false, "two\n"u8);

        Assert.Equal(["one\n", "two\n"], Texts(0));
    }

    [Theory]
    [InlineData("{\"log\":\"tor", "")]
    [InlineData("whole\n{\"log\":\"tor", "whole\n")]
    public void What_a_killed_keeper_left_half_written_is_cut_off(string left, string kept)
    {
        File.WriteAllText($"{_folder.Path}/c-json.log", left);

        using LogFile log = _folder.Open();
        log.Write(isStderr: false, "next\n"u8);

        Assert.StartsWith(kept + "{\"log\":\"next\\n\"", _folder.Content(), StringComparison.Ordinal);
        Assert.DoesNotContain("tor", _folder.Content(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_follower_is_told_of_whole_records_only()
    {
        using LogFile log = _folder.Open();
        Assert.False(log.HasGrown);

        log.Write(isStderr: false, "be"u8);
        Assert.False(log.HasGrown);
        log.Write(isStderr: false, "gin\n"u8);
        Assert.True(log.HasGrown);
        log.HasGrown = false;
        log.Write(isStderr: false, "x"u8);
        Assert.False(log.HasGrown);
        log.End();
        Assert.True(log.HasGrown);
    }

    [Fact]
    public void Writing_lines_allocates_nothing()
    {
        using LogFile log = _folder.Open(maxBytes: 10_000_000, maxFiles: 2);
        byte[] bytes = Text("some text with <escapes> & ä\nsecond\nbegin");
        log.Write(isStderr: false, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            log.Write(isStderr: false, bytes);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private IEnumerable<System.Text.Json.JsonElement> Records(int number) => _folder.Records(number);

    private string[] Texts(int number) => _folder.Texts(number);
}
