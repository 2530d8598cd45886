// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Logs;
using Tare.Keeper.Log;
using static Tare.Engine.Tests.Logs.LogFolder;

namespace Tare.Engine.Tests.Logs;

public sealed class LogFollowerTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_comes_later_is_read_until_the_container_ends()
    {
        using LogFile log = _folder.Write();
        log.Write(isStderr: false, "one\n"u8);
        int waits = 0;

        string[] texts = Follow(new LogQuery(), () =>
        {
            log.Write(isStderr: false, Bytes($"wait {waits}\n"));
            return ++waits < 3;
        });

        Assert.Equal(["one\n", "wait 0\n", "wait 1\n", "wait 2\n"], texts);
    }

    [Fact]
    public void With_no_tail_only_what_comes_later_is_read()
    {
        using LogFile log = _folder.Write(maxBytes: 1, maxFiles: 3);
        log.Write(isStderr: false, "one\ntwo\n"u8);

        string[] texts = Follow(new LogQuery(Tail: 0), () =>
        {
            log.Write(isStderr: false, "three\n"u8);
            return false;
        });

        Assert.Equal(["three\n"], texts);
    }

    [Fact]
    public void A_log_that_is_made_later_is_read()
    {
        LogFile? log = null;

        string[] texts = Follow(new LogQuery(), () =>
        {
            bool first = log is null;
            log ??= _folder.Write();
            log.Write(isStderr: false, "x\n"u8);
            return first;
        });
        log!.Dispose();

        Assert.Equal(["x\n", "x\n"], texts);
    }

    [Fact]
    public void Reading_ends_at_the_first_record_that_is_too_late()
    {
        System.IO.File.WriteAllText(_folder.File(), Line("a", "2026-11-26T00:00:01Z") + Line("b", "2026-11-26T00:00:03Z"));

        string[] texts = Follow(
            new LogQuery(Until: LogTime.ParseRecord("2026-11-26T00:00:02Z"u8)),
            () => throw new InvalidOperationException("waited"));

        Assert.Equal(["a\n"], texts);
    }

    [Fact]
    public void A_half_record_that_its_writer_took_back_is_not_mixed_with_what_came_instead()
    {
        System.IO.File.WriteAllText(_folder.File(), Line("a") + "{\"log\":\"torn torn torn");
        int waits = 0;

        string[] texts = Follow(new LogQuery(), () =>
        {
            System.IO.File.WriteAllText(_folder.File(), Line("a") + Line("b, which is longer than what was torn"));
            return ++waits < 2;
        });

        Assert.Equal(["a\n", "b, which is longer than what was torn\n"], texts);
    }

    /// <summary>Up to as many rotations between two looks as leave the next file where it can be found.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 9)]
    public void Nothing_is_lost_or_read_twice_over_rotations(int seed, int maxFiles)
    {
        var random = new Random(seed);
        using LogFile log = _folder.Write(maxBytes: 400, maxFiles);
        int written = 0;

        string[] texts = Follow(new LogQuery(), () =>
        {
            // at least 4 of these records go into a file, so this is never more than maxFiles - 1 new ones
            for (int i = random.Next(4 * (maxFiles - 1)); i > 0; i--)
            {
                log.Write(isStderr: random.Next(2) == 0, Bytes($"{written++}\n"));
            }

            return written < 2000;
        });

        Assert.Equal(Enumerable.Range(0, written).Select(i => $"{i}\n"), texts);
    }

    [Fact]
    public void With_one_file_the_new_one_is_found_when_the_old_one_is_gone()
    {
        using LogFile log = _folder.Write(maxBytes: 400, maxFiles: 1);
        int written = 0;

        string[] texts = Follow(new LogQuery(), () =>
        {
            log.Write(isStderr: false, Bytes($"{written++}\n"));
            return written < 500;
        });

        Assert.Equal(Enumerable.Range(0, written).Select(i => $"{i}\n"), texts);
    }

    [Fact]
    public void A_follower_beside_a_writer_sees_everything_once()
    {
        const int Records = 6000;
        using LogFile log = _folder.Write(maxBytes: 1500, maxFiles: 500);
        bool done = false;
        var writer = new Thread(() =>
        {
            for (int i = 0; i < Records; i++)
            {
                log.Write(isStderr: false, Bytes($"{i}\n"));
            }

            Volatile.Write(ref done, true);
        });
        writer.Start();

        string[] texts = Follow(new LogQuery(), () =>
        {
            bool goOn = !Volatile.Read(ref done);
            Thread.Yield();
            return goOn;
        });
        writer.Join();

        Assert.Equal(Enumerable.Range(0, Records).Select(i => $"{i}\n"), texts);
    }

    [Fact]
    public void Every_look_at_a_log_that_is_being_rotated_is_a_piece_without_holes()
    {
        using LogFile log = _folder.Write(maxBytes: 4000, maxFiles: 4);
        bool stop = false;
        var writer = new Thread(() =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                log.Write(isStderr: false, Bytes($"{i}\n"));
            }
        });
        writer.Start();
        try
        {
            for (int look = 0; look < 300; look++)
            {
                int[] numbers = [.. _folder.Read().Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
                if (numbers.Length > 0)
                {
                    Assert.Equal(Enumerable.Range(numbers[0], numbers.Length), numbers);
                }
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            writer.Join();
        }
    }

    private string[] Follow(LogQuery query, Func<bool> waitForMore)
    {
        using LogFiles files = _folder.Files();
        using var follower = new LogFollower(files, query, waitForMore);
        List<string> texts = [];
        while (follower.TryRead(out LogRecord record))
        {
            texts.Add(Encoding.UTF8.GetString(record.Text.Span));
        }

        return [.. texts];
    }
}
