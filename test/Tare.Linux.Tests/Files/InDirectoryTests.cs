// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed class InDirectoryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public void A_name_that_is_not_one_component_is_refused(string name)
    {
        var e = Assert.Throws<LinuxException>(() => _scratch.Fd.MakeDirectory(Encoding.UTF8.GetBytes(name), 0));

        Assert.Equal(Errno.EINVAL, e.Errno);
    }

    [Fact]
    public void Names_are_any_bytes_up_to_255()
    {
        byte[] longest = new byte[255];
        Array.Fill(longest, (byte)0xff);

        _scratch.Fd.MakeDirectory(longest, 0b111_000_000);

        Assert.Equal(longest, Assert.Single(_scratch.Fd.SortedNames(10)));
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<LinuxException>(() => _scratch.Fd.Status(new byte[] { 1 }.Concat(longest).ToArray())).Errno);
    }

    [Fact]
    public void Opening_a_symbolic_link_is_ELOOP_and_never_its_target()
    {
        _scratch.Fd.MakeSymlink("link"u8, "/etc/passwd"u8);

        var e = Assert.Throws<LinuxException>(() => _scratch.Fd.Open("link"u8, OpenFlags.ReadOnly));

        Assert.Equal(Errno.ELOOP, e.Errno);
        Assert.Equal("/etc/passwd"u8, _scratch.Fd.ReadLink("link"u8));
        using Fd pinned = _scratch.Fd.Open("link"u8, OpenFlags.Path);
        Assert.True(pinned.Status().IsSymlink);
        Assert.Equal("/etc/passwd"u8, pinned.ReadLink());
    }

    [Fact]
    public void What_is_absent_is_null_or_false()
    {
        Assert.Null(_scratch.Fd.TryOpen("none"u8, OpenFlags.ReadOnly));
        Assert.Null(_scratch.Fd.TryStatus("none"u8));
        Assert.False(_scratch.Fd.TryUnlink("none"u8));
        Assert.False(_scratch.Fd.TryRemoveDirectory("none"u8));
        _scratch.Fd.MakeDirectory("there"u8, 0b111_000_000);
        Assert.False(_scratch.Fd.TryMakeDirectory("there"u8, 0b111_000_000));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => _scratch.Fd.Unlink("none"u8)).Errno);
    }

    [Fact]
    public void Times_are_kept_to_the_nanosecond_also_before_1970_and_on_links()
    {
        _scratch.Write("file"u8, "x"u8).Dispose();
        _scratch.Fd.MakeSymlink("link"u8, "file"u8);
        FileTime access = new(-1, 999_999_999);
        FileTime modify = new(1_700_000_000, 123_456_789);

        _scratch.Fd.SetTimes("file"u8, access, modify);
        _scratch.Fd.SetTimes("link"u8, FileTime.Keep, new FileTime(5, 7));

        Assert.Equal(access, _scratch.Fd.Status("file"u8).AccessTime);
        Assert.Equal(modify, _scratch.Fd.Status("file"u8).ModifyTime);
        Assert.Equal(new FileTime(5, 7), _scratch.Fd.Status("link"u8).ModifyTime);
    }

    [Fact]
    public void Mode_of_a_symbolic_link_cannot_be_set_and_its_target_stays()
    {
        _scratch.Write("file"u8, "x"u8).Dispose();
        _scratch.Fd.SetMode("file"u8, 0b110_000_000);
        _scratch.Fd.MakeSymlink("link"u8, "file"u8);

        var e = Assert.Throws<LinuxException>(() => _scratch.Fd.SetMode("link"u8, 0b111_111_111));

        Assert.Equal(Errno.EOPNOTSUPP, e.Errno);
        Assert.Equal(0b110_000_000u, _scratch.Fd.Status("file"u8).Mode);
    }

    [Fact]
    public void Set_id_bits_and_sticky_are_set_after_the_owner()
    {
        _scratch.Write("file"u8, "x"u8).Dispose();

        _scratch.Fd.SetOwner("file"u8, 1234, 4321);
        _scratch.Fd.SetMode("file"u8, 0xDED); // 06755

        FileStatus status = _scratch.Fd.Status("file"u8);
        Assert.Equal((1234u, 4321u, 0xDEDu), (status.Uid, status.Gid, status.Mode));
    }

    [Fact]
    public void Rename_can_refuse_to_replace_and_can_exchange()
    {
        _scratch.Write("a"u8, "1"u8).Dispose();
        _scratch.Write("b"u8, "22"u8).Dispose();

        var e = Assert.Throws<LinuxException>(
            () => _scratch.Fd.Rename("a"u8, _scratch.Fd, "b"u8, RenameFlags.NoReplace));
        _scratch.Fd.Rename("a"u8, _scratch.Fd, "b"u8, RenameFlags.Exchange);

        Assert.Equal(Errno.EEXIST, e.Errno);
        Assert.Equal(2, _scratch.Fd.Status("a"u8).Size);
        Assert.Equal(1, _scratch.Fd.Status("b"u8).Size);
    }

    [Fact]
    public void A_hard_link_is_the_same_file_and_a_nameless_file_gets_a_name()
    {
        _scratch.Write("a"u8, "1"u8).Dispose();
        _scratch.Fd.MakeHardLink("b"u8, _scratch.Fd, "a"u8);
        using Fd nameless = _scratch.Fd.OpenTemporary(0b110_000_000);
        nameless.Write("hello"u8);
        _scratch.Fd.LinkFile("c"u8, nameless);

        Assert.True(_scratch.Fd.Status("a"u8).SameFile(_scratch.Fd.Status("b"u8)));
        Assert.Equal(2u, _scratch.Fd.Status("a"u8).Links);
        Assert.Equal(5, _scratch.Fd.Status("c"u8).Size);
    }

    [Fact, Trait("ring", "kernel")]
    public void Devices_and_fifos_are_made_with_their_numbers()
    {
        DeviceNumber large = new(4095, 1_048_575);
        _scratch.Fd.MakeNode("null"u8, FileKind.CharacterDevice, 0b110_110_110, new DeviceNumber(1, 3));
        _scratch.Fd.MakeNode("large"u8, FileKind.BlockDevice, 0b110_000_000, large);
        _scratch.Fd.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);

        Assert.Equal(new DeviceNumber(1, 3), _scratch.Fd.Status("null"u8).Device);
        Assert.Equal(FileKind.CharacterDevice, _scratch.Fd.Status("null"u8).Kind);
        Assert.Equal(large, _scratch.Fd.Status("large"u8).Device);
        Assert.Equal(FileKind.Fifo, _scratch.Fd.Status("fifo"u8).Kind);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => _scratch.Fd.MakeNode(
            "over"u8, FileKind.BlockDevice, 0, new DeviceNumber(4096, 0))).Errno);
    }
}
