// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper.Tests;

public class FrameTests
{
    [Fact]
    public void Frames_arrive_whole_however_they_are_cut()
    {
        var random = new Random(1);
        (Fd sender, Fd receiver) = UnixSocket.Pair(SocketKind.Stream);
        using Fd _ = sender;
        using Fd __ = receiver;
        sender.SetNonBlocking(true);
        var writer = new FrameWriter();
        var reader = new FrameReader();
        var sent = new List<byte[]>();
        int received = 0;

        while (received < 200)
        {
            if (sent.Count < 200)
            {
                byte[] payload = new byte[random.Next(4) == 0 ? Protocol.MaxPayload : random.Next(100)];
                random.NextBytes(payload);
                sent.Add(payload);
                writer.Add(FrameKind.Stdout, payload);
            }

            Assert.True(writer.TryFlush(sender));
            Assert.True(reader.Fill(receiver));
            while (reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> got))
            {
                Assert.Equal(FrameKind.Stdout, kind);
                Assert.Equal(sent[received++], got.ToArray());
            }
        }
    }

    [Fact]
    public void A_frame_longer_than_the_protocol_allows_is_refused_before_it_is_read()
    {
        var reader = new FrameReader();
        reader.Append([4, 0, 0, 0, 1, 0x80, 0, 0]);

        Assert.Throws<FormatException>(() => reader.TryTake(out _, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Padding_that_is_not_zero_is_refused(int place)
    {
        var reader = new FrameReader();
        byte[] header = new byte[Protocol.HeaderBytes];
        header[place] = 1;
        reader.Append(header);

        Assert.Throws<FormatException>(() => reader.TryTake(out _, out _));
    }

    [Fact]
    public void The_end_of_the_other_side_is_seen_and_is_no_error()
    {
        (Fd sender, Fd receiver) = UnixSocket.Pair(SocketKind.Stream);
        using Fd _ = sender;
        receiver.Dispose();
        var writer = new FrameWriter();
        writer.Add(FrameKind.Stdout, "x"u8);

        Assert.False(writer.TryFlush(sender));
        Assert.False(new FrameReader().Fill(sender));
    }

    [Fact]
    public void A_report_of_the_exit_survives_and_a_damaged_one_is_refused()
    {
        var report = new ExitReport(new ExitStatus(0, 9, true), true, 1_700_000_000_123_456_789);
        byte[] bytes = report.Encode();

        Assert.True(ExitReport.TryDecode(bytes, out ExitReport read));
        Assert.Equal(report, read);
        Assert.False(ExitReport.TryDecode(bytes.AsSpan(1), out _));
        bytes[8] = 65;
        Assert.False(ExitReport.TryDecode(bytes, out _));
    }

    [Fact]
    public void A_greeting_may_grow_but_not_shrink()
    {
        var greeting = new Greeting(Protocol.Version, true, false, 4321);

        Assert.True(Greeting.TryDecode([.. greeting.Encode(), 1, 2, 3], out Greeting read));
        Assert.Equal(greeting, read);
        Assert.False(Greeting.TryDecode(greeting.Encode().AsSpan(0, 11), out _));
    }
}
