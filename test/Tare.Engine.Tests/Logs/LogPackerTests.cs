// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Tare.Engine.Logs;
using Tare.Keeper.Log;

namespace Tare.Engine.Tests.Logs;

public sealed class LogPackerTests : IDisposable
{
    private const int Lines = 100;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rotated_files_are_packed_and_read_as_before()
    {
        Fill(Lines);
        string[] before = _folder.Read();

        _folder.Pack();

        Assert.Equal(["c-json.log", "c-json.log.1.gz", "c-json.log.2.gz"], Names());
        Assert.Equal(before, _folder.Read());
        Assert.True(before.Length > 20);
        foreach (int tail in new[] { 0, 1, 2, before.Length / 2, before.Length - 1, before.Length, before.Length + 1 })
        {
            Assert.Equal(before.TakeLast(tail), _folder.Read(new LogQuery { Tail = tail }));
        }
    }

    [Fact]
    public void Every_reader_of_gzip_reads_them()
    {
        Fill(Lines);
        byte[] plain = File.ReadAllBytes(_folder.File(1));

        _folder.Pack();

        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(_folder.File(1) + ".gz"), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        Assert.Equal(plain, unpacked.ToArray());
    }

    [Fact]
    public void A_rotation_moves_packed_files_and_drops_the_oldest()
    {
        Fill(Lines);
        _folder.Pack();

        Fill(Lines, from: Lines);

        Assert.All(Names(), name => Assert.DoesNotContain(".3", name, StringComparison.Ordinal));
        Assert.InRange(Names().Length, 3, 3);
        _folder.Pack();
        string[] texts = _folder.Read();
        Assert.Equal(Enumerable.Range((2 * Lines) - texts.Length, texts.Length).Select(i => $"line {i}\n"), texts);
    }

    [Fact]
    public void A_follower_does_not_read_again_what_was_packed_under_its_hands()
    {
        const int Most = 400;
        int written = 0;
        List<string> texts = [];
        using LogFile log = _folder.Write(2000, 50);
        using LogFiles files = _folder.Files();
        using var follower = new LogFollower(files, new LogQuery(), () =>
        {
            for (int i = 0; i < 3 && written < Most; i++)
            {
                log.Write(false, LogFolder.Bytes($"line {written++}\n"));
            }

            _folder.Pack();
            return written < Most;
        });

        while (follower.TryRead(out LogRecord record))
        {
            texts.Add(System.Text.Encoding.UTF8.GetString(record.Text.Span));
        }

        Assert.Equal(Enumerable.Range(0, Most).Select(i => $"line {i}\n"), texts);
    }

    [Fact]
    public void What_was_killed_between_two_names_is_read_once_and_put_right()
    {
        Fill(Lines);
        byte[] plain = File.ReadAllBytes(_folder.File(2));
        string[] before = _folder.Read();
        _folder.Pack();
        File.WriteAllBytes(_folder.File(2), plain);

        Assert.Equal(before, _folder.Read());
        _folder.Pack();

        Assert.Equal(["c-json.log", "c-json.log.1.gz", "c-json.log.2.gz"], Names());
        Assert.Equal(before, _folder.Read());
    }

    [Fact]
    public void A_damaged_packed_file_costs_its_own_records_only()
    {
        Fill(Lines);
        string[] before = _folder.Read();
        _folder.Pack();
        File.WriteAllText(_folder.File(2) + ".gz", "no gzip");

        string[] after = _folder.Read();

        Assert.Equal(before[^after.Length..], after);
        Assert.InRange(after.Length, 10, before.Length - 10);
    }

    private void Fill(int lines, int from = 0)
    {
        using LogFile log = _folder.Write(2000, 3);
        for (int i = from; i < from + lines; i++)
        {
            log.Write(false, LogFolder.Bytes($"line {i}\n"));
        }
    }

    private string[] Names() => [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
}
