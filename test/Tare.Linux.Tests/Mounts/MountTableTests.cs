// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Linux.Tests.Mounts;

public class MountTableTests
{
    [Fact]
    public void A_line_is_taken_apart_and_its_escapes_undone()
    {
        MountEntry entry = Assert.Single(MountTable.Parse(
            "36 35 98:0 /mnt1\\040x /mnt\\134\\012y rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n"u8));

        Assert.Equal((36, 35, new DeviceNumber(98, 0)), (entry.Id, entry.ParentId, entry.Device));
        Assert.Equal("/mnt1 x"u8, entry.Root);
        Assert.Equal("/mnt\\\ny"u8, entry.MountPoint);
        Assert.Equal(["master:1", "shared:2"], entry.Tags);
        Assert.Equal(("rw,noatime", "ext3", "rw,errors=continue"), (entry.Options, entry.Type, entry.SuperOptions));
        Assert.True(entry.HasSuperOption("errors=continue"));
    }

    [Theory]
    [InlineData("36 35 98:0 / /mnt rw - ext3 dev")]
    [InlineData("36 35 98:0 / /mnt - ext3 dev rw")]
    [InlineData("x 35 98:0 / /mnt rw - ext3 dev rw")]
    [InlineData("36 35 98 / /mnt rw - ext3 dev rw")]
    [InlineData("36 -5 98:0 / /mnt rw - ext3 dev rw")]
    [InlineData(" ")]
    public void A_line_that_is_not_as_the_manual_says_is_an_error(string line) =>
        Assert.Equal(Errno.EPROTO, Assert.Throws<LinuxException>(
            () => MountTable.Parse(System.Text.Encoding.UTF8.GetBytes(line))).Errno);

    [Fact]
    public void Our_own_table_has_the_root() =>
        Assert.Contains(MountTable.Read(), e => e.MountPoint.AsSpan().SequenceEqual("/"u8));
}
