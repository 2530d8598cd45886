// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Cli.Output;
using Tare.Engine.Logs;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Tests.Output;

public class LogPrinterTests
{
    private static readonly LogTime Time = new(1_795_672_190, 120_000_000);

    [Theory]
    [InlineData(false, false, "text\n")]
    [InlineData(true, false, "2026-11-26T05:49:50.120000000Z text\n")]
    [InlineData(false, true, " text\n")]
    [InlineData(true, true, "2026-11-26T05:49:50.120000000Z  text\n")]
    public void Time_and_details_stand_before_the_text(bool timestamps, bool details, string printed)
    {
        using var output = new Pipe();
        var printer = new LogPrinter(output.Writer, null, timestamps, details);

        printer.Print(new LogRecord(false, "text\n"u8.ToArray(), Time));
        printer.Flush();

        Assert.Equal(printed, Read(output));
    }

    [Fact]
    public void Each_stream_gets_its_own_and_on_one_terminal_the_order_stays()
    {
        using var output = new Pipe();
        using var error = new Pipe();
        using var both = new Pipe();
        using Fd other = both.Writer.Duplicate();
        foreach (LogPrinter printer in (LogPrinter[])[new(output.Writer, error.Writer, false, false), new(both.Writer, other, false, false)])
        {
            printer.Print(new LogRecord(false, "1\n"u8.ToArray(), Time));
            printer.Print(new LogRecord(true, "2\n"u8.ToArray(), Time));
            printer.Print(new LogRecord(false, "3\n"u8.ToArray(), Time));
            printer.Flush();
        }

        Assert.Equal("1\n3\n", Read(output));
        Assert.Equal("2\n", Read(error));
        Assert.Equal("1\n2\n3\n", Read(both));
    }

    [Fact]
    public void Bytes_are_never_changed()
    {
        using var output = new Pipe();
        byte[] bytes = [0xFF, 0, 0xC0, (byte)'\r', (byte)'\n'];
        var printer = new LogPrinter(output.Writer, null, false, false);

        printer.Print(new LogRecord(false, bytes, Time));
        printer.Flush();

        byte[] read = new byte[100];
        Assert.Equal(bytes, read[..output.Reader.Read(read)]);
    }

    [Fact]
    public void A_stream_that_is_closed_is_left_out_and_one_whose_reader_went_away_ends_it()
    {
        using var output = new Pipe();
        var printer = new LogPrinter(output.Writer, null, false, false);
        printer.Print(new LogRecord(true, "2\n"u8.ToArray(), Time));
        Assert.True(printer.Flush());
        output.Reader.Dispose();

        printer.Print(new LogRecord(false, "1\n"u8.ToArray(), Time));

        Assert.False(printer.Flush());
        Assert.True(printer.IsGone);
    }

    [Fact]
    public void A_slow_reader_of_a_pipe_that_does_not_block_gets_everything()
    {
        using var output = new Pipe(nonBlocking: true);
        var printer = new LogPrinter(output.Writer, null, false, false);
        byte[] record = new byte[300_000];
        record.AsSpan().Fill((byte)'x');
        var writer = new Thread(() =>
        {
            printer.Print(new LogRecord(false, record, Time));
            printer.Flush();
        });

        writer.Start();
        int total = 0;
        byte[] read = new byte[1000];
        while (total < record.Length)
        {
            Poll.Wait([new PollEntry(output.Reader, EpollEvents.Readable)]);
            total += output.Reader.Read(read);
        }

        writer.Join();
        Assert.Equal(record.Length, total);
    }

    private static string Read(Pipe pipe)
    {
        byte[] bytes = new byte[1000];
        return Encoding.UTF8.GetString(bytes, 0, pipe.Reader.Read(bytes));
    }
}
