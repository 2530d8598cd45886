// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class CgroupMountsTests
{
    [Fact]
    public void Hybrid_has_the_unified_tree_first_and_every_v1_tree_once()
    {
        List<CgroupHierarchy> found = Parse(
            "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
            "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd",
            "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
            "42 23 0:32 / /mnt/memory rw,relatime - cgroup cgroup rw,memory");

        Assert.Equal(
            [
                new("/sys/fs/cgroup/unified", CgroupControllers.None, true),
                new("/sys/fs/cgroup/cpu,cpuacct", CgroupControllers.Cpu | CgroupControllers.CpuAccount, false, "cpu,cpuacct"),
                new("/sys/fs/cgroup/memory", CgroupControllers.Memory, false, "memory"),
                new("/sys/fs/cgroup/systemd", CgroupControllers.None, false, "none,name=systemd"),
            ],
            found);
        Assert.Equal("cpu,cpuacct", found[1].Name);
    }

    [Fact]
    public void What_the_mount_shows_of_the_tree_is_known()
    {
        List<CgroupHierarchy> found = Parse(
            @"35 31 0:32 /docker/a\040b /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw");

        Assert.Equal(["/", "/docker/a b"], found.Select(static hierarchy => hierarchy.Root));
    }

    [Fact]
    public void V2_alone_is_one_tree()
    {
        List<CgroupHierarchy> found = Parse(
            "35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate");

        Assert.Equal([new("/sys/fs/cgroup", CgroupControllers.None, true)], found);
    }

    [Fact]
    public void A_tree_that_another_mount_hides_is_not_used()
    {
        List<CgroupHierarchy> found = Parse(
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
            "42 41 0:40 / /sys/fs/cgroup/unified rw - tmpfs tmpfs rw",
            "43 31 0:32 / /sys/fs/cgroup/mem rw - tmpfs tmpfs rw");

        Assert.Equal([new("/sys/fs/cgroup/memory", CgroupControllers.Memory, false, "memory")], found);
    }

    [Fact]
    public void A_tree_that_was_hidden_and_is_mounted_elsewhere_too_is_found_there()
    {
        List<CgroupHierarchy> found = Parse(
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "42 31 0:40 / /sys/fs/cgroup rw - tmpfs tmpfs rw",
            @"43 31 0:32 / /mnt/with\040space rw - cgroup cgroup rw,memory");

        Assert.Equal([new("/mnt/with space", CgroupControllers.Memory, false, "memory")], found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData(" - ")]
    [InlineData("1 2 3 - cgroup")]
    [InlineData("1 2 3 4 5 6 - cgroup2 x")]
    public void Broken_lines_do_no_harm(string line) => Assert.InRange(Parse(line).Count, 0, 1);

    private static List<CgroupHierarchy> Parse(params string[] lines) =>
        CgroupMounts.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
}
