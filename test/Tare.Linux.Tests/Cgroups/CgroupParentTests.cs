// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class CgroupParentTests
{
    [Theory]
    [InlineData("/tenants/a", "/tenants/a/c")]
    [InlineData("tenants/a/", "tenants/a/c")]
    [InlineData("user.slice", "user.slice/c")]
    [InlineData("/a:b:c", "/a:b:c/c")]
    [InlineData("//a//./b/../d", "/a/d/c")]
    [InlineData("/a/..", "/c")]
    [InlineData("/", "/c")]
    [InlineData(".", "c")]
    public void What_docker_takes_is_taken(string text, string path)
    {
        Assert.Null(CgroupParent.TryRead(text, out CgroupParent? parent));
        Assert.Equal(path, parent!.PathOf("c"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/..")]
    [InlineData("../a")]
    [InlineData("/a/../../b")]
    public void No_path_leads_out_of_the_tree(string text) =>
        Assert.Equal("it leads out of the tree of cgroups", CgroupParent.TryRead(text, out _));

    [Fact]
    public void What_cannot_be_a_cgroup_is_refused()
    {
        Assert.StartsWith("want the path of a cgroup", CgroupParent.TryRead("", out _), StringComparison.Ordinal);
        Assert.StartsWith("want the path of a cgroup", CgroupParent.TryRead("/a\nb", out _), StringComparison.Ordinal);
        Assert.StartsWith("want the path of a cgroup", CgroupParent.TryRead("/" + new string('a', 3000), out _), StringComparison.Ordinal);
        Assert.StartsWith("want at most 16 names", CgroupParent.TryRead("/" + new string('a', 256), out _), StringComparison.Ordinal);
        Assert.StartsWith("want at most 16 names", CgroupParent.TryRead(string.Concat(Enumerable.Repeat("/a", 17)), out _), StringComparison.Ordinal);
    }
}
