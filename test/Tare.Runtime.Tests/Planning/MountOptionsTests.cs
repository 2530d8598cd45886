// SPDX-License-Identifier: Apache-2.0
using Tare.Runtime.Planning;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Tests.Planning;

public sealed class MountOptionsTests
{
    [Fact]
    public void Words_that_say_what_a_mount_is_are_no_data()
    {
        var options = MountOptions.Parse(["rbind", "norbind", "remount", "tmpcopyup", "ridmap", "sync"]);

        Assert.True(options.IsBind);
        Assert.False(options.IsRecursiveBind);
        Assert.True(options.IsRemount);
        Assert.True(options.CopiesUp);
        Assert.Equal("ridmap", options.IdMapWord);
        Assert.Equal("sync", Assert.Single(options.Data).Key);
    }

    [Fact]
    public void The_last_of_two_contrary_options_wins()
    {
        MountFlags flags = MountOptions.Parse(["ro", "nosuid", "rw", "noatime", "relatime"]).Flags;

        Assert.Equal(MOUNT_ATTR_NOSUID, flags.Set);
        Assert.Equal(MOUNT_ATTR_RDONLY | MOUNT_ATTR__ATIME, flags.Clear);
    }

    [Fact]
    public void Recursive_options_are_kept_apart()
    {
        MountFlags flags = MountOptions.Parse(["rro", "nodev", "rslave"]).Flags;

        Assert.Equal((MOUNT_ATTR_NODEV, MOUNT_ATTR_RDONLY), (flags.Set, flags.RecursiveSet));
        Assert.Equal((MS_SLAVE, true), (flags.Propagation, flags.IsPropagationRecursive));
    }

    [Fact]
    public void What_is_unknown_belongs_to_the_file_system()
    {
        MountOptions options = MountOptions.Parse(["defaults", "size=64k", "newinstance", "x=a=b", "relatime", "rbind"]);

        Assert.Equal([new("size", "64k"), new("newinstance", null), new("x", "a=b")], options.Data);
        Assert.True(options.IsBind && options.IsRecursiveBind);
    }
}
