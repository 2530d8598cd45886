// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Keeper.Tests.Log;

public class LogFailureTests
{
    [Fact]
    [Trait("ring", "kernel")]
    public void On_a_full_disk_records_are_dropped_whole_and_counted_until_there_is_room()
    {
        using Fd disk = SmallDisk();
        using Fd ballast = disk.Open("ballast"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000);
        ballast.Write(new byte[40 * 1024]);
        var clock = new SetClock();
        using var log = new LogFile(disk, LogFolder.Name, new LogLimits(long.MaxValue, 1), clock);
        const int Lines = 1000;

        for (int i = 0; i < Lines; i++)
        {
            log.Write(isStderr: false, Encoding.ASCII.GetBytes($"before {i}\n"));
        }

        int kept = Lines - (int)log.Dropped;
        Assert.InRange(kept, 1, Lines - 1);
        Assert.Equal(Enumerable.Range(0, kept).Select(i => $"before {i}\n"), Texts(disk));

        ballast.SetLength(0);
        log.Write(isStderr: false, "too early\n"u8);
        clock.Advance(RecordFile.RetryAfter);
        log.Write(isStderr: false, "after\n"u8);

        Assert.Equal(Lines - kept + 1, log.Dropped);
        Assert.Equal([.. Enumerable.Range(0, kept).Select(i => $"before {i}\n"), "after\n"], Texts(disk));
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void A_long_write_that_fills_the_disk_leaves_whole_records()
    {
        using Fd disk = SmallDisk();
        var clock = new SetClock();
        using var log = new LogFile(disk, LogFolder.Name, new LogLimits(long.MaxValue, 1), clock);
        string[] lines = [.. Enumerable.Range(0, 3000).Select(i => $"line {i} \u0001\n")];

        log.Write(isStderr: false, Encoding.ASCII.GetBytes(string.Concat(lines)));

        string[] texts = Texts(disk);
        Assert.InRange(texts.Length, 1, 2999);
        Assert.Equal(lines[..texts.Length], texts);
        Assert.Equal(3000 - texts.Length, log.Dropped);
        Assert.True(log.HasGrown);
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void The_rest_of_a_line_whose_beginning_was_lost_is_dropped_too()
    {
        using Fd disk = SmallDisk();
        using Fd ballast = disk.Open("ballast"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000);
        var clock = new SetClock();
        using var log = new LogFile(disk, LogFolder.Name, new LogLimits(long.MaxValue, 1), clock);
        log.Write(isStderr: false, "first\n"u8);
        Assert.Throws<LinuxException>(() => ballast.Write(new byte[1 << 20]));

        log.Write(isStderr: false, new byte[LogFile.MaxLineBytes]);
        ballast.SetLength(0);
        clock.Advance(RecordFile.RetryAfter);
        log.Write(isStderr: false, "rest\nnext\n"u8);

        Assert.Equal(["first\n", "next\n"], Texts(disk));
        Assert.Equal(2, log.Dropped);
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void A_flood_on_a_full_disk_costs_no_attempts_between_two_retries()
    {
        using Fd disk = SmallDisk();
        using Fd ballast = disk.Open("ballast"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000);
        var clock = new SetClock();
        using var log = new LogFile(disk, LogFolder.Name, new LogLimits(long.MaxValue, 1), clock);
        Assert.Throws<LinuxException>(() => ballast.Write(new byte[1 << 20]));
        using var file = new RecordFile(disk, "other"u8.ToArray(), new LogLimits(long.MaxValue, 1), clock);

        for (int i = 0; i < 10_000; i++)
        {
            file.Add(isStderr: false, new byte[1000], isWhole: true, 0);
            file.Flush();
        }

        Assert.Equal(1, file.Failures);
        Assert.Equal(10_000, file.Dropped);
    }

    [Fact]
    public void A_folder_that_is_gone_stops_nothing_and_a_new_one_is_not_awaited()
    {
        var clock = new SetClock();
        using var folder = new LogFolder();
        using Fd inside = Make(folder, "inside");
        using var log = new LogFile(inside, LogFolder.Name, new LogLimits(100, 2), clock);
        log.Write(isStderr: false, "one\n"u8);

        Directory.Delete($"{folder.Path}/inside", recursive: true);
        for (int i = 0; i < 10; i++)
        {
            clock.Advance(RecordFile.RetryAfter);
            log.Write(isStderr: false, "more\n"u8);
        }

        Assert.Equal(10, log.Dropped);
    }

    [Fact]
    public void A_name_that_cannot_be_opened_is_tried_again_later()
    {
        var clock = new SetClock();
        using var folder = new LogFolder();
        Directory.CreateDirectory($"{folder.Path}/c-json.log");
        using var log = new LogFile(folder.Fd, LogFolder.Name, new LogLimits(100, 2), clock);
        log.Write(isStderr: false, "lost\n"u8);
        Assert.Equal(1, log.Dropped);

        Directory.Delete($"{folder.Path}/c-json.log");
        clock.Advance(RecordFile.RetryAfter);
        log.Write(isStderr: false, "kept\n"u8);

        Assert.Equal(["kept\n"], folder.Texts(0));
    }

    [Fact]
    public void A_file_that_somebody_emptied_goes_on_from_its_beginning()
    {
        using var folder = new LogFolder();
        using LogFile log = folder.Open();
        log.Write(isStderr: false, "one\n"u8);

        File.WriteAllText($"{folder.Path}/c-json.log", "");
        log.Write(isStderr: false, "two\n"u8);

        Assert.Equal(["two\n"], folder.Texts(0));
    }

    /// <summary>A detached mount: there is nothing that could stay behind.</summary>
    private static Fd SmallDisk()
    {
        using FileSystemContext context = new("tmpfs");
        context.SetString("size", "64k");
        return context.Create();
    }

    private static Fd Make(LogFolder folder, string name)
    {
        Directory.CreateDirectory($"{folder.Path}/{name}");
        return HostPath.OpenDirectory($"{folder.Path}/{name}");
    }

    private static string[] Texts(Fd disk)
    {
        using Fd file = disk.Open(LogFolder.Name, OpenFlags.ReadOnly);
        return LogFolder.Texts(Encoding.UTF8.GetString(file.ReadAll(1 << 20)));
    }
}
