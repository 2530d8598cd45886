// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using static Tare.Keeper.Tests.Log.LogFolder;

namespace Tare.Keeper.Tests.Log;

public sealed class LogRotationTests : IDisposable
{
    /// <summary>Bytes of <c>{"log":"line 10\n","stream":"stdout","time":"2026-11-26T05:49:50Z"}</c> and its end.</summary>
    private const int RecordBytes = 72;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_left_before_it_is_too_long_and_the_oldest_goes()
    {
        using LogFile log = _folder.Open(maxBytes: 170, maxFiles: 3);

        WriteLines(log, 10, 17);

        Assert.Equal(["c-json.log", "c-json.log.1", "c-json.log.2"], _folder.Names());
        Assert.Equal(["line 16\n"], _folder.Texts(0));
        Assert.Equal(["line 14\n", "line 15\n"], _folder.Texts(1));
        Assert.Equal(["line 12\n", "line 13\n"], _folder.Texts(2));
    }

    [Fact]
    public void With_one_file_only_it_begins_anew()
    {
        using LogFile log = _folder.Open(maxBytes: 170, maxFiles: 1);

        WriteLines(log, 10, 13);

        Assert.Equal(["c-json.log"], _folder.Names());
        Assert.Equal(["line 12\n"], _folder.Texts(0));
    }

    [Fact]
    public void While_somebody_else_changes_names_a_file_grows_to_twice_its_size()
    {
        using LogFile log = _folder.Open(maxBytes: 170, maxFiles: 2);
        using (Fd folder = HostPath.OpenDirectory(_folder.Path))
        using (FileLock.Take(folder))
        {
            WriteLines(log, 10, 13);
            Assert.Equal(["c-json.log"], _folder.Names());
            Assert.Equal(0, log.Dropped);

            WriteLines(log, 13, 20);
            Assert.InRange(new FileInfo($"{_folder.Path}/c-json.log").Length, 170, (2 * 170) + RecordBytes);
            Assert.InRange(log.Dropped, 1, 6);
        }

        Assert.False(log.HasRotated);
    }

    [Fact]
    public void A_packed_file_moves_on_as_others_do()
    {
        using LogFile log = _folder.Open(maxBytes: 170, maxFiles: 3);
        WriteLines(log, 10, 14);
        File.Move($"{_folder.Path}/c-json.log.1", $"{_folder.Path}/c-json.log.1.gz");
        Assert.True(log.HasRotated);

        WriteLines(log, 14, 16);
        Assert.Equal(["c-json.log", "c-json.log.1", "c-json.log.2.gz"], _folder.Names());

        WriteLines(log, 16, 18);
        Assert.Equal(["c-json.log", "c-json.log.1", "c-json.log.2"], _folder.Names());
    }

    [Fact]
    public void A_reader_keeps_the_file_that_it_has_open()
    {
        using LogFile log = _folder.Open(maxBytes: 170, maxFiles: 1);
        WriteLines(log, 10, 12);
        using var reader = new StreamReader($"{_folder.Path}/c-json.log");

        WriteLines(log, 12, 13);

        Assert.Contains("line 10", reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_longer_than_a_file_gets_one_of_its_own()
    {
        using LogFile log = _folder.Open(maxBytes: 100, maxFiles: 3);

        log.Write(isStderr: false, Text("short\n" + new string('x', 500) + "\nlast\n"));

        Assert.Equal(["short\n"], _folder.Texts(2));
        Assert.Equal([new string('x', 500) + "\n"], _folder.Texts(1));
        Assert.Equal(["last\n"], _folder.Texts(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public void No_file_is_ever_longer_than_its_limit_and_no_record_is_cut(int linesAtOnce)
    {
        var random = new Random(3);
        using LogFile log = _folder.Open(maxBytes: 20_000, maxFiles: 4);
        for (int round = 0; round < 2000 / linesAtOnce; round++)
        {
            byte[] lines = new byte[random.Next(300) * linesAtOnce];
            random.NextBytes(lines);
            log.Write(isStderr: false, lines);

            foreach (int number in (int[])[0, 1, 2, 3])
            {
                Assert.True((_folder.Content(number)?.Length ?? 0) <= 20_000);
                Assert.NotNull(_folder.Texts(number));
            }
        }

        Assert.Equal(4, _folder.Names().Length);
    }

    [Fact]
    public void Limits_change_while_it_is_written()
    {
        using LogFile log = _folder.Open(maxBytes: RecordBytes, maxFiles: 5);
        WriteLines(log, 10, 18);
        Assert.Equal(5, _folder.Names().Length);

        log.Limits = new LogLimits(long.MaxValue, 2);
        Assert.Equal(["c-json.log", "c-json.log.1"], _folder.Names());
        WriteLines(log, 18, 90);

        Assert.Equal(2, _folder.Names().Length);
        Assert.Equal("line 89\n", _folder.Texts(0)[^1]);
    }

    [Fact]
    public void An_existing_log_counts_towards_the_limit()
    {
        using (LogFile first = _folder.Open(maxBytes: 170, maxFiles: 2))
        {
            WriteLines(first, 10, 12);
        }

        using LogFile second = _folder.Open(maxBytes: 170, maxFiles: 2);
        WriteLines(second, 12, 13);

        Assert.Equal(["line 10\n", "line 11\n"], _folder.Texts(1));
        Assert.Equal(["line 12\n"], _folder.Texts(0));
    }

    [Fact]
    public void A_gap_among_the_rotated_files_closes()
    {
        using LogFile log = _folder.Open(maxBytes: RecordBytes, maxFiles: 4);
        WriteLines(log, 10, 14);
        File.Delete($"{_folder.Path}/c-json.log.2");

        WriteLines(log, 14, 15);

        Assert.Equal(["line 10\n"], _folder.Texts(3));
        Assert.Equal(["line 12\n"], _folder.Texts(2));
        Assert.Equal(["line 13\n"], _folder.Texts(1));
        Assert.Equal(["line 14\n"], _folder.Texts(0));
    }

    private void WriteLines(LogFile log, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _folder.Clock.Advance(TimeSpan.FromSeconds(1));
            log.Write(isStderr: false, Text($"line {i}\n"));
        }
    }
}
