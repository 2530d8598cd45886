// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

public sealed class CgroupPathTests
{
    [Theory]
    [InlineData(null, "box")]
    [InlineData("", "box")]
    [InlineData("/docker/abc", "docker/abc")]
    [InlineData("docker//./abc/", "docker/abc")]
    [InlineData("/kubepods/pod:1:2/x", "kubepods/pod:1:2/x")]
    [InlineData("system.slice:docker:abc", "system.slice/docker-abc.scope")]
    [InlineData(":docker:abc", "system.slice/docker-abc.scope")]
    [InlineData("-.slice::abc", "abc.scope")]
    [InlineData("kubepods-burstable-pod1.slice:cri:abc", "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-abc.scope")]
    [InlineData("user.slice:x:mine.slice", "user.slice/mine.slice")]
    public void A_path_is_found_below_the_root_of_the_hierarchy(string? path, string expected) =>
        Assert.Equal(expected, CgroupPath.Of(path, "box"));

    [Theory]
    [InlineData("/")]
    [InlineData("/a/../..")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("../system.slice:docker:abc")]
    [InlineData("system:docker:abc")]
    [InlineData("a/b.slice:docker:abc")]
    [InlineData("system.slice:docker:a/../b")]
    [InlineData("/a\nb")]
    public void A_path_that_leads_elsewhere_is_refused(string path)
    {
        TareException e = Assert.Throws<TareException>(() => CgroupPath.Of(path, "box"));

        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
    }
}
