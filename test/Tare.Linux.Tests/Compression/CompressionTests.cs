// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Tare.Linux.Compression;

namespace Tare.Linux.Tests.Compression;

public class CompressionTests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(
        Enumerable.Range(0, 400).Select(i => $"line {i * i % 97} of a text that packs well\n")));

    public static TheoryData<string> Formats => ["gzip", "gzip-named", "zstd", "xz"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_was_packed_comes_out_whatever_the_size_of_the_pieces(string format)
    {
        byte[] packed = Pack(format, Text);

        foreach ((int input, int output) in new[] { (1, 1), (1, 70_000), (7, 13), (70_000, 1), (70_000, 70_000) })
        {
            using UnpackingStream stream = Unpacking.Open(new Dribble(packed, input));
            Assert.Equal(Text, ReadAll(stream, output));
            Assert.Equal(packed.Length, stream.PackedBytes);
            Assert.Equal(0, stream.Read(new byte[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Frames_behind_each_other_are_one_content(string format)
    {
        byte[] packed = [.. Pack(format, Text), .. Pack(format, []), .. Pack(format, Text)];

        foreach (int step in new[] { 1, 3, 70_000 })
        {
            Assert.Equal([.. Text, .. Text], ReadAll(Unpacking.Open(new Dribble(packed, step))));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_stream_cut_at_any_byte_is_an_error(string format)
    {
        byte[] packed = Pack(format, Text);

        for (int length = 0; length < packed.Length; length++)
        {
            byte[] cut = packed[..length];
            var e = Assert.Throws<CompressionException>(() => ReadAll(Open(format, new MemoryStream(cut))));
            Assert.Contains("ends too early", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_second_frame_cut_at_any_byte_is_an_error(string format)
    {
        byte[] first = Pack(format, Text);
        byte[] second = Pack(format, "small"u8.ToArray());

        for (int length = 1; length < second.Length; length++)
        {
            byte[] cut = [.. first, .. second[..length]];

            // xz pads with zeros between streams; nothing else may stand there
            Assert.Throws<CompressionException>(() => ReadAll(Open(format, new MemoryStream(cut))));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Garbage_behind_the_last_frame_is_an_error(string format)
    {
        byte[] packed = Pack(format, Text);

        foreach (byte[] garbage in new byte[][] { [0], [1], "garbage that is longer"u8.ToArray(), [0x1f], new byte[11] })
        {
            Assert.Throws<CompressionException>(
                () => ReadAll(Open(format, new MemoryStream([.. packed, .. garbage]))));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_flipped_bit_is_an_error_or_harmless_and_never_anything_else(string format)
    {
        byte[] packed = Pack(format, Text);
        int harmless = 0;

        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] flipped = [.. packed];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // header fields such as time, name and the kind of system are not content
                Assert.Equal(Text, ReadAll(Open(format, new MemoryStream(flipped))));
                harmless++;
            }
            catch (CompressionException)
            {
            }
        }

        Assert.True(harmless < 200, $"{harmless} bits do not matter");
    }

    [Fact]
    public void A_bomb_comes_out_in_pieces_that_the_reader_asked_for()
    {
        byte[] packed = Pack("gzip", new byte[64 << 20]);
        using UnpackingStream stream = Unpacking.Open(new MemoryStream(packed));

        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] buffer = new byte[1000];
        for (int i = 0; i < 10_000; i++)
        {
            Assert.InRange(stream.Read(buffer), 1, 1000);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void A_window_above_the_bound_is_refused()
    {
        // RFC 8878 §3.1.1.1: magic, descriptor without single segment, window exponent 18 = 256 MiB
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 0x01, 0x00, 0x00];

        Assert.Contains("memory", Assert.Throws<CompressionException>(
            () => ReadAll(Unpacking.Open(new MemoryStream(frame)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_bytes_come_through_and_formats_are_told_by_their_first_bytes()
    {
        Assert.Equal(Text, ReadAll(Unpacking.Open(new Dribble(Text, 3))));
        Assert.Equal("abc"u8, ReadAll(Unpacking.Open(new MemoryStream("abc"u8.ToArray()))));
        Assert.Empty(ReadAll(Unpacking.Open(new MemoryStream())));
        Assert.Equal(CompressionFormat.Gzip, Unpacking.Detect(Pack("gzip", Text)));
        Assert.Equal(CompressionFormat.Zstd, Unpacking.Detect(Pack("zstd", Text)));
        Assert.Equal(CompressionFormat.Zstd, Unpacking.Detect([0x5e, 0x2a, 0x4d, 0x18]));
        Assert.Equal(CompressionFormat.Xz, Unpacking.Detect(Pack("xz", Text)));
        Assert.Equal(CompressionFormat.None, Unpacking.Detect([0x1f, 0x8b]));
    }

    [Fact]
    public void A_skippable_frame_is_skipped()
    {
        byte[] packed = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3, .. Pack("zstd", Text)];

        Assert.Equal(Text, ReadAll(Unpacking.Open(new Dribble(packed, 2))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_our_gzip_writes_the_runtime_s_reads(int level)
    {
        byte[] content = new byte[1 << 20];
        new Random(7).NextBytes(content.AsSpan(0, 300_000));
        Text.CopyTo(content, 500_000);
        MemoryStream packed = new();
        using (GzipWriter writer = new(packed, level, leaveOpen: true))
        {
            foreach (byte[] chunk in content.Chunk(77_777))
            {
                writer.Write(chunk);
            }
        }

        packed.Position = 0;
        Assert.Equal(content, ReadAll(new GZipStream(packed, CompressionMode.Decompress)));
        Assert.Equal(content, ReadAll(Unpacking.Open(new MemoryStream(packed.ToArray()))));
    }

    [Fact]
    public void An_empty_content_is_a_whole_frame()
    {
        Assert.Empty(ReadAll(Unpacking.Open(new MemoryStream(Pack("gzip", [])))));
        Assert.Empty(ReadAll(Unpacking.Open(new MemoryStream(Pack("zstd", [])))));
        Assert.Throws<CompressionException>(() => ReadAll(new GzipReader(new MemoryStream())));
        Assert.Throws<CompressionException>(() => ReadAll(new ZstdReader(new MemoryStream())));
        Assert.Throws<CompressionException>(() => ReadAll(new XzReader(new MemoryStream())));
    }

    [Fact]
    public void The_stream_owns_its_source_unless_told_otherwise()
    {
        MemoryStream source = new(Pack("gzip", Text));
        Unpacking.Open(source, leaveOpen: true).Dispose();
        Assert.True(source.CanRead);
        source.Position = 0;
        UnpackingStream owner = Unpacking.Open(source);
        owner.Dispose();
        Assert.False(source.CanRead);
        Assert.Throws<ObjectDisposedException>(() => owner.Read(new byte[1]));
    }

    private static UnpackingStream Open(string format, Stream source) => Unpacking.Open(source, format switch
    {
        "zstd" => CompressionFormat.Zstd,
        "xz" => CompressionFormat.Xz,
        _ => CompressionFormat.Gzip,
    });

    private static byte[] ReadAll(Stream stream, int step = 50_000)
    {
        MemoryStream all = new();
        byte[] buffer = new byte[step];
        int n;
        while ((n = stream.Read(buffer)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    private static byte[] Pack(string format, byte[] content)
    {
        if (format == "xz")
        {
            return Tool("xz", "-c -T1", content);
        }

        MemoryStream packed = new();
        using (Stream writer = format == "zstd" ? new ZstdWriter(packed, leaveOpen: true) : new GzipWriter(packed, 1, leaveOpen: true))
        {
            writer.Write(content);
        }

        byte[] plain = packed.ToArray();

        // RFC 1952 §2.3: FEXTRA, FNAME and FCOMMENT, which gzip itself and others write
        return format == "gzip-named"
            ? [.. plain[..3], 0x1c, .. plain[4..10], 3, 0, 1, 2, 3, .. "a name\0a comment\0"u8, .. plain[10..]]
            : plain;
    }

    private static byte[] Tool(string name, string arguments, byte[] input)
    {
        using Process tool = Process.Start(new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        tool.StandardInput.BaseStream.Write(input);
        tool.StandardInput.Close();
        MemoryStream output = new();
        tool.StandardOutput.BaseStream.CopyTo(output);
        tool.WaitForExit();
        Assert.Equal(0, tool.ExitCode);
        return output.ToArray();
    }
}
