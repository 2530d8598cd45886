// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Hostile;
using Tare.Images.Layers;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

public class TarReaderTests
{
    [Fact]
    public void An_empty_archive_has_no_entry() => Assert.Empty(Names(new RawTar().End()));

    [Fact]
    public void An_empty_stream_has_no_entry() => Assert.Empty(Names([]));

    [Fact]
    public void Names_keep_bytes_that_are_not_utf8()
    {
        byte[] tar = new RawTar().File("a\u00ff\n\u0001b").End();

        Assert.Equal(["a\u00ff\n\u0001b"], Names(tar));
    }

    [Fact]
    public void A_ustar_prefix_stands_before_the_name()
    {
        byte[] tar = new RawTar().Add(new RawHeader("name").Text(345, 155, "some/prefix")).End();

        Assert.Equal(["some/prefix/name"], Names(tar));
    }

    [Fact]
    public void Gnu_archives_have_no_prefix()
    {
        byte[] tar = new RawTar().Add(new RawHeader("name").Gnu().Octal(345, 12, 7)).End();

        Assert.Equal(["name"], Names(tar));
    }

    [Fact]
    public void A_v7_name_with_a_slash_is_a_directory()
    {
        using TarReader reader = Read(new RawTar().Add(new RawHeader("d/", '\0').V7()).End());

        Assert.True(reader.Next());
        Assert.Equal(TarType.Directory, reader.Entry.Type);
    }

    [Fact]
    public void Gnu_long_names_and_links_replace_the_short_ones()
    {
        string name = new('n', 300);
        string link = new('l', 400);
        using TarReader reader = Read(
            new RawTar().LongName(link, 'K').LongName(name).Symlink("short", "short").File("next").End());

        Assert.True(reader.Next());
        Assert.Equal(name, Encoding.Latin1.GetString(reader.Entry.Name));
        Assert.Equal(link, Encoding.Latin1.GetString(reader.Entry.Link));
        Assert.True(reader.Next());
        Assert.Equal("next", Encoding.Latin1.GetString(reader.Entry.Name));
    }

    [Fact]
    public void Pax_records_override_the_header_for_one_entry()
    {
        using TarReader reader = Read(new RawTar()
            .Pax(("path", "p"), ("uid", "4294967294"), ("gid", "3000000"), ("mtime", "12.000000034"), ("atime", "-1.25"))
            .File("short").File("next").End());

        Assert.True(reader.Next());
        Assert.Equal("p", Encoding.Latin1.GetString(reader.Entry.Name));
        Assert.Equal((4294967294u, 3000000u), (reader.Entry.Uid, reader.Entry.Gid));
        Assert.Equal(new FileTime(12, 34), reader.Entry.ModifyTime);
        Assert.Equal(new FileTime(-2, 750_000_000), reader.Entry.AccessTime);
        Assert.True(reader.Next());
        Assert.Equal(0u, reader.Entry.Uid);
        Assert.Null(reader.Entry.AccessTime);
    }

    [Fact]
    public void Global_records_hold_until_local_ones_override_them()
    {
        using TarReader reader = Read(new RawTar()
            .Global(("mtime", "5"), ("comment", "c")).File("a").Pax(("mtime", "6")).File("b").File("c").End());

        List<long> times = [];
        while (reader.Next())
        {
            times.Add(reader.Entry.ModifyTime.Seconds);
        }

        Assert.Equal([5, 6, 5], times);
    }

    [Fact]
    public void The_last_record_counts_and_an_empty_one_takes_it_back()
    {
        Assert.Equal(["b"], Names(new RawTar().Pax(("path", "a"), ("path", "b")).File("f").End()));
        Assert.Equal(["f"], Names(new RawTar().Pax(("path", "a"), ("path", "")).File("f").End()));
    }

    [Fact]
    public void Xattrs_come_as_raw_bytes()
    {
        using TarReader reader = Read(new RawTar()
            .Pax(("SCHILY.xattr.user.a", "\0\u00ff\n="), ("LIBARCHIVE.xattr.user.b%20c", "AAEC"), ("LIBARCHIVE.xattr.user.a", "AAAA"))
            .File("f").End());

        Assert.True(reader.Next());
        Assert.Equal(2, reader.Entry.Xattrs.Count);
        Assert.Equal("user.a"u8, reader.Entry.Xattrs.Name(0));
        Assert.Equal(new byte[] { 0, 255, 10, 61 }, reader.Entry.Xattrs.Value(0).ToArray());
        Assert.Equal("user.b c"u8, reader.Entry.Xattrs.Name(1));
        Assert.Equal(new byte[] { 0, 1, 2 }, reader.Entry.Xattrs.Value(1).ToArray());
    }

    [Fact]
    public void Base_256_numbers_are_read_and_may_be_negative_for_times_only()
    {
        using TarReader reader = Read(new RawTar()
            .Add(new RawHeader("f").Gnu().Binary(108, 8, 4294967294).Binary(136, 12, -5)).End());

        Assert.True(reader.Next());
        Assert.Equal(4294967294u, reader.Entry.Uid);
        Assert.Equal(new FileTime(-5, 0), reader.Entry.ModifyTime);
        Corrupt("negative uid", new RawTar().Add(new RawHeader("f").Gnu().Binary(108, 8, -1)).End());
        Corrupt("negative size", new RawTar().Add(new RawHeader("f").Gnu().Binary(124, 12, -1)).End());
        Corrupt("malformed", new RawTar().Add(new RawHeader("f").Gnu().Binary(124, 12, (Int128)1 << 64)).End());
    }

    [Fact]
    public void The_owner_number_that_means_leave_alone_is_refused()
    {
        Corrupt("uid 4294967295", new RawTar().Pax(("uid", "4294967295")).File("f").End());
        Corrupt("gid 4294967296", new RawTar().Pax(("gid", "4294967296")).File("f").End());
    }

    [Fact]
    public void Signed_checksums_of_old_writers_are_accepted()
    {
        RawHeader header = new("\u00e9");
        header.Text(148, 8, "        ");
        header.Text(148, 8, Convert.ToString(header.Block.Sum(b => (sbyte)b), 8).PadLeft(6, '0') + "\0 ");
        header.KeepChecksum = true;

        Assert.Equal(["\u00e9"], Names(new RawTar().Add(header).End()));
    }

    [Fact]
    public void Data_is_delivered_whole_and_the_rest_is_skipped()
    {
        string data = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('a' + (i % 26))));
        byte[] tar = new RawTar().File("a", data).File("b", data).File("c", "end").End();
        using TarReader reader = Read(tar);

        Assert.True(reader.Next());
        Assert.Equal(data, Encoding.Latin1.GetString(Data(reader)));
        Assert.True(reader.Next());
        Assert.Equal(1, reader.ReadData(out _).Length > 0 ? 1 : 0);
        Assert.True(reader.Next());
        Assert.Equal("end", Encoding.Latin1.GetString(Data(reader)));
        Assert.False(reader.Next());
        Assert.Equal(tar.Length, reader.Position);
    }

    public static TheoryData<string> SparseForms => ["old", "0.0", "0.1", "1.0"];

    [Theory]
    [MemberData(nameof(SparseForms))]
    public void Sparse_files_of_every_form_know_where_their_pieces_stand(string form)
    {
        using TarReader reader = Read(Sparse(form));

        Assert.True(reader.Next());
        Assert.Equal("s", Encoding.Latin1.GetString(reader.Entry.Name));
        Assert.True(reader.Entry.IsSparse);
        Assert.Equal(1_000_000, reader.Entry.Size);
        Assert.Equal("hello", Encoding.Latin1.GetString(reader.ReadData(out long first)));
        Assert.Equal("tail", Encoding.Latin1.GetString(reader.ReadData(out long second)));
        Assert.Equal((4096L, 999_996L), (first, second));
        Assert.True(reader.ReadData(out _).IsEmpty);
        Assert.True(reader.Next());
        Assert.Equal("next", Encoding.Latin1.GetString(reader.Entry.Name));
    }

    [Fact]
    public void An_old_sparse_map_may_go_on_in_blocks_of_its_own()
    {
        RawHeader header = new RawHeader("s", 'S', 60).Gnu().Octal(483, 12, 60_000);
        header.Block[482] = 1;
        byte[] extension = new byte[512];
        for (int i = 0; i < 4; i++)
        {
            header.Octal(386 + (i * 24), 12, i * 1000).Octal(398 + (i * 24), 12, 10);
        }

        RawHeader more = new("");
        more.Block.AsSpan().Clear();
        more.Octal(0, 12, 4000).Octal(12, 12, 10).Octal(24, 12, 5000).Octal(36, 12, 10).Octal(48, 12, 60_000).Octal(60, 12, 0);
        more.Block.CopyTo(extension, 0);
        using TarReader reader = Read(
            new RawTar().Bytes(header.Sealed()).Bytes(extension).Bytes(new byte[60]).Pad().File("next").End());

        Assert.True(reader.Next());
        List<long> offsets = [];
        while (!reader.ReadData(out long offset).IsEmpty)
        {
            offsets.Add(offset);
        }

        Assert.Equal([0, 1000, 2000, 3000, 4000, 5000], offsets);
        Assert.True(reader.Next());
    }

    [Fact]
    public void Everything_cut_short_is_refused()
    {
        byte[] tar = new RawTar().Pax(("path", "p")).File("f", new string('x', 700)).Cut();
        for (int length = 1; length < tar.Length; length++)
        {
            int n = length;
            Assert.Throws<TareException>(() => Names(tar[..n]));
        }

        Assert.Equal(["p"], Names(tar));
    }

    [Fact]
    public void The_end_marker_can_be_required()
    {
        byte[] cut = new RawTar().File("f").Cut();

        TareException error = Assert.Throws<TareException>(() => Names(cut, TarEnd.Required));
        Assert.Contains("end marker", error.Message, StringComparison.Ordinal);
        Assert.Equal(["f"], Names(new RawTar().File("f").End(), TarEnd.Required));
    }

    [Fact]
    public void Only_zeros_may_follow_the_end()
    {
        byte[] end = new RawTar().File("f").End();

        Assert.Equal(["f"], Names([.. end, .. new byte[9000]]));
        Corrupt("behind its end", [.. end, .. new byte[100], 1]);
        Corrupt("behind its end", [.. end, .. new RawTar().File("g").End()]);
    }

    [Fact]
    public void Archives_longer_than_the_bound_are_refused()
    {
        byte[] tar = new RawTar().File("f", new string('x', 5000)).End();
        using TarReader reader = new(new MemoryStream(tar), maxBytes: 4000);

        TareException error = Assert.Throws<TareException>(() => reader.Next());
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    [Fact]
    public void A_stream_that_gives_one_byte_at_a_time_reads_the_same()
    {
        using TarReader reader = new(new Trickle(Sparse("1.0")));

        Assert.True(reader.Next());
        Assert.Equal(9, Data(reader).Length);
        Assert.True(reader.Next());
        Assert.False(reader.Next());
    }

    [Fact]
    public void Random_damage_ends_in_an_entry_or_in_our_error_never_in_another()
    {
        byte[] tar = [.. Sparse("old").AsSpan(0, 1024), .. Sparse("1.0").AsSpan(), .. new byte[512]];
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] broken = (byte[])tar.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            for (int at = 0; at + 512 <= broken.Length && random.Next(2) == 0; at += 512)
            {
                Reseal(broken.AsSpan(at, 512));
            }

            try
            {
                Names(broken);
            }
            catch (TareException)
            {
            }
        }
    }

    internal static byte[] Sparse(string form)
    {
        RawTar tar = new();
        switch (form)
        {
            case "old":
                tar.Add(
                    new RawHeader("s", 'S', 9).Gnu().Octal(483, 12, 1_000_000)
                        .Octal(386, 12, 4096).Octal(398, 12, 5).Octal(410, 12, 999_996).Octal(422, 12, 4),
                    "hellotail"u8);
                break;
            case "0.0":
                tar.Pax(
                    ("GNU.sparse.size", "1000000"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "4096"),
                    ("GNU.sparse.numbytes", "5"), ("GNU.sparse.offset", "999996"), ("GNU.sparse.numbytes", "4"));
                tar.File("s", "hellotail");
                break;
            case "0.1":
                tar.Pax(
                    ("GNU.sparse.size", "1000000"), ("GNU.sparse.name", "s"), ("GNU.sparse.map", "4096,5,999996,4"));
                tar.File("GNUSparseFile.0/s", "hellotail");
                break;
            default:
                tar.Pax(
                    ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                    ("GNU.sparse.name", "s"), ("GNU.sparse.realsize", "1000000"));
                tar.File("GNUSparseFile.0/s", "2\n4096\n5\n999996\n4\n".PadRight(512, '\0') + "hellotail");
                break;
        }

        return tar.File("next").End();
    }

    private static void Reseal(Span<byte> block)
    {
        block.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
        {
            sum += b;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(block[148..]);
    }

    private static void Corrupt(string expected, byte[] tar)
    {
        TareException error = Assert.Throws<TareException>(() => Names(tar));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static TarReader Read(byte[] tar) => new(new MemoryStream(tar));

    private static byte[] Data(TarReader reader)
    {
        using MemoryStream data = new();
        while (reader.ReadData(out _) is { IsEmpty: false } piece)
        {
            data.Write(piece);
        }

        return data.ToArray();
    }

    private static List<string> Names(byte[] tar, TarEnd end = TarEnd.Optional)
    {
        using TarReader reader = new(new MemoryStream(tar), 1 << 24, end, CancellationToken.None);
        List<string> names = [];
        while (reader.Next())
        {
            names.Add(Encoding.Latin1.GetString(reader.Entry.Name));
            while (!reader.ReadData(out _).IsEmpty)
            {
            }
        }

        return names;
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
