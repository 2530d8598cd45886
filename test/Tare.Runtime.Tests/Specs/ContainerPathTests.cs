// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class ContainerPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("//", "/")]
    [InlineData("/a/", "/a")]
    [InlineData("/a//b/./c", "/a/b/c")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/../../etc", "/etc")]
    [InlineData("/a/b/../../..", "/")]
    [InlineData("/...", "/...")]
    [InlineData("/a b\n", "/a b\n")]
    public void Paths_are_cleaned_lexically(string path, string clean) => Assert.Equal(clean, ContainerPath.Clean("x", path));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("./a")]
    [InlineData("../a")]
    [InlineData("/a\0b")]
    public void Relative_and_broken_paths_are_refused(string path) =>
        Assert.Throws<TareException>(() => ContainerPath.Clean("working directory", path));

    [Fact]
    public void Longer_than_the_kernel_takes_is_refused() =>
        Assert.Throws<TareException>(() => ContainerPath.Clean("x", "/" + new string('a', 4095)));
}
