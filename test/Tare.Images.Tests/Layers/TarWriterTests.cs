// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Images.Layers;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

public class TarWriterTests
{
    [Fact]
    public void Simple_entries_need_no_pax_header()
    {
        byte[] tar = Write(w => Add(w, "f", "data"));

        Assert.Equal(512 + 512 + 1024, tar.Length);
        Assert.Equal("ustar\000"u8, tar.AsSpan(257, 8));
        Assert.Equal("0000644\0"u8, tar.AsSpan(100, 8));
    }

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        XattrSet xattrs = new();
        xattrs.Set("user.z"u8, [0, 10, 255]);
        xattrs.Set("security.capability"u8, [1, 2, 3]);
        string longName = string.Join('/', Enumerable.Repeat(new string('d', 60), 6));
        string prefixed = new string('p', 90) + "/" + new string('q', 90);
        byte[] tar = Write(w =>
        {
            w.Begin(new TarItem { Type = TarType.Directory, Name = "dir"u8, Mode = 0x3ED, ModifyTime = new(-2, 500_000_000) });
            w.Begin(new TarItem
            {
                Name = Encoding.ASCII.GetBytes(longName),
                Uid = 4_000_000_000,
                Gid = 2_097_152,
                Size = 3,
                ModifyTime = new(1, 20),
                AccessTime = new(9, 0),
                Xattrs = xattrs,
            });
            w.Write("abc"u8);
            Add(w, prefixed, "");
            w.Begin(new TarItem { Type = TarType.Symlink, Name = "s\u00ff"u8, Link = Encoding.ASCII.GetBytes(longName) });
            w.Begin(new TarItem { Type = TarType.CharacterDevice, Name = "c"u8, Device = new(259, 1_000_000) });
        });

        using TarReader reader = new(new MemoryStream(tar), end: TarEnd.Required);
        Assert.True(reader.Next());
        Assert.Equal(("dir/", 0x3EDu), (Text(reader.Entry.Name), reader.Entry.Mode));
        Assert.Equal(new FileTime(-2, 500_000_000), reader.Entry.ModifyTime);
        Assert.True(reader.Next());
        Assert.Equal(longName, Text(reader.Entry.Name));
        Assert.Equal((4_000_000_000u, 2_097_152u, 3L), (reader.Entry.Uid, reader.Entry.Gid, reader.Entry.Size));
        Assert.Equal((new FileTime(1, 20), new FileTime(9, 0)), (reader.Entry.ModifyTime, reader.Entry.AccessTime!.Value));
        Assert.Equal("security.capability", Text(reader.Entry.Xattrs.Name(0)));
        Assert.Equal(new byte[] { 0, 10, 255 }, reader.Entry.Xattrs.Value(1).ToArray());
        Assert.True(reader.Next());
        Assert.Equal(prefixed, Text(reader.Entry.Name));
        Assert.True(reader.Next());
        Assert.Equal((TarType.Symlink, longName), (reader.Entry.Type, Text(reader.Entry.Link)));
        Assert.True(reader.Next());
        Assert.Equal(new DeviceNumber(259, 1_000_000), reader.Entry.Device);
        Assert.False(reader.Next());
    }

    [Fact]
    public void Times_between_the_seconds_before_1970_survive()
    {
        foreach (FileTime time in new FileTime[] { new(-1, 999_999_999), new(-1, 1), new(-5, 0), new(0, 1), new(1L << 34, 0) })
        {
            byte[] tar = Write(w => w.Begin(new TarItem { Name = "f"u8, ModifyTime = time }));
            using TarReader reader = new(new MemoryStream(tar));

            Assert.True(reader.Next());
            Assert.Equal(time, reader.Entry.ModifyTime);
        }
    }

    [Fact]
    public void Equal_input_gives_equal_bytes()
    {
        byte[] first = Write(w => Add(w, new string('n', 200), "x"));
        byte[] second = Write(w => Add(w, new string('n', 200), "x"));

        Assert.Equal(SHA256.HashData(first), SHA256.HashData(second));
    }

    [Fact]
    public void An_entry_must_get_exactly_its_bytes()
    {
        TarWriter writer = new(new MemoryStream());
        writer.Begin(new TarItem { Name = "f"u8, Size = 3 });
        writer.Write("ab"u8);

        Assert.Throws<TareException>(() => writer.Write("cd"u8));
        Assert.Throws<TareException>(writer.End);
    }

    private static byte[] Write(Action<TarWriter> write)
    {
        using MemoryStream stream = new();
        TarWriter writer = new(stream);
        write(writer);
        writer.End();
        return stream.ToArray();
    }

    private static void Add(TarWriter writer, string name, string data)
    {
        writer.Begin(new TarItem { Name = Encoding.Latin1.GetBytes(name), Size = data.Length });
        writer.Write(Encoding.Latin1.GetBytes(data));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
