// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Planning;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Tests.Planning;

public sealed class TargetPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a", "/a")]
    [InlineData("/a/", "/a")]
    [InlineData("//a//b", "/a/b")]
    [InlineData("/a/./b/.", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/../../b", "/b")]
    [InlineData("/a/..", "/")]
    [InlineData("/.hidden", "/.hidden")]
    [InlineData("/a/...", "/a/...")]
    public void A_path_has_one_clean_form(string path, string clean) =>
        Assert.Equal(clean, TargetPath.Clean(path, "path"));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("./a")]
    [InlineData("/a\0b")]
    public void A_path_that_is_not_absolute_is_refused(string path) =>
        Assert.Throws<TareException>(() => TargetPath.Clean(path, "path"));

    [Theory]
    [InlineData("/dev", true)]
    [InlineData("/dev/shm", true)]
    [InlineData("/device", false)]
    [InlineData("/proc/sys", true)]
    [InlineData("/etc/dev", false)]
    public void No_link_is_followed_to_what_the_engine_makes(string path, bool noLinks) =>
        Assert.Equal(noLinks, (TargetPath.Resolve(path) & RESOLVE_NO_SYMLINKS) != 0);
}
