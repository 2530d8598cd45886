// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class OwnCgroupsTests
{
    private static readonly OwnCgroups Own = OwnCgroups.Parse("""
        9:name=systemd:/user.slice/a:b
        5:cpu,cpuacct:/
        4:memory:/docker/id/x
        0::/user.slice/session.scope
        """u8);

    private static readonly CgroupHierarchy Unified = new("/sys/fs/cgroup", CgroupControllers.None, IsUnified: true);
    private static readonly CgroupHierarchy Memory = new("/sys/fs/cgroup/memory", CgroupControllers.Memory, false, "memory");

    [Fact]
    public void Each_hierarchy_has_its_own()
    {
        CgroupHierarchy named = new("/c/systemd", CgroupControllers.None, false, "none,name=systemd");
        CgroupHierarchy processor = new("/c/cpu", CgroupControllers.Cpu, false, "cpu,cpuacct");

        Assert.Equal(["user.slice", "a:b"], Own.NamesIn(named, isUnifiedAlone: false));
        Assert.Empty(Own.NamesIn(processor, isUnifiedAlone: false));
        Assert.Equal(["docker", "id", "x"], Own.NamesIn(Memory, isUnifiedAlone: false));
        Assert.Equal(["user.slice", "session.scope"], Own.NamesIn(Unified, isUnifiedAlone: false));
    }

    [Fact]
    public void Where_processes_and_cgroups_do_not_mix_it_is_the_one_above() =>
        Assert.Equal(["user.slice"], Own.NamesIn(Unified, isUnifiedAlone: true));

    [Fact]
    public void A_mount_that_shows_a_part_of_the_tree_begins_there()
    {
        Assert.Equal(["x"], Own.NamesIn(Memory with { Root = "/docker/id" }, isUnifiedAlone: false));
        Assert.Empty(Own.NamesIn(Memory with { Root = "/docker/id/x" }, isUnifiedAlone: false));
    }

    [Theory]
    [InlineData("memory", "/docker/i")]
    [InlineData("memory", "/../..")]
    [InlineData("pids", "/")]
    public void A_place_that_is_not_mounted_is_refused(string controller, string root) => Assert.Equal(
        Errno.ENOENT,
        Assert.Throws<LinuxException>(() => Own.NamesIn(Memory with { Options = controller, Root = root }, isUnifiedAlone: false)).Errno);

    [Fact]
    public void Outside_of_the_namespace_is_no_place()
    {
        OwnCgroups outside = OwnCgroups.Parse("0::/../other\n"u8);

        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => outside.NamesIn(Unified, isUnifiedAlone: false)).Errno);
    }
}
