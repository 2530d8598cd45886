// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;

namespace Tare.Build.Tests.Steps;

/// <summary>Expected modes are those of chmod(1).</summary>
public sealed class ModeChangeTests
{
    [Theory]
    [InlineData("755", "644", false, "755")]
    [InlineData("04711", "644", false, "4711")]
    [InlineData("u+x", "644", false, "744")]
    [InlineData("a+x", "644", false, "755")]
    [InlineData("+x", "644", false, "755")]
    [InlineData("go-r", "644", false, "600")]
    [InlineData("go=", "644", false, "600")]
    [InlineData("u=rwX,go=rX", "600", false, "644")]
    [InlineData("u=rwX,go=rX", "700", false, "755")]
    [InlineData("u=rwX,go=rX", "600", true, "755")]
    [InlineData("g=u", "640", false, "660")]
    [InlineData("u+s,g+s", "755", false, "6755")]
    [InlineData("+t", "755", true, "1755")]
    [InlineData("a=r", "4755", false, "444")]
    [InlineData("u-w+x", "644", false, "544")]
    public void Modes_change_as_with_chmod(string change, string before, bool isFolder, string after) =>
        Assert.Equal(
            after, Convert.ToString(new ModeChange(change).Apply(Convert.ToUInt32(before, 8), isFolder), 8));
}
