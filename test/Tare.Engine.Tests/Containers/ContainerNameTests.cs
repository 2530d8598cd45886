// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public sealed class ContainerNameTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("/web", "web")]
    [InlineData("a_b.c-1", "a_b.c-1")]
    public void A_name_loses_only_its_leading_slash(string given, string expected) =>
        Assert.Equal(expected, ContainerName.Parse(given));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-ab")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä1")]
    [InlineData("../x")]
    [InlineData("//ab")]
    public void What_docker_refuses_is_refused(string given)
    {
        TareException refused = Assert.Throws<TareException>(() => ContainerName.Parse(given));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(given, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drawn_names_are_names_and_differ()
    {
        List<string> drawn = [.. Enumerable.Range(0, 200).Select(attempt => ContainerName.Draw(attempt % 2))];

        Assert.All(drawn, name => Assert.Equal(name, ContainerName.Parse(name)));
        Assert.True(drawn.Distinct().Count() > 150);
    }
}
