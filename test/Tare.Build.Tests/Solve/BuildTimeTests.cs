// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Oci;

namespace Tare.Build.Tests.Solve;

public sealed class BuildTimeTests
{
    [Fact]
    public void Without_a_moment_it_is_always_the_same()
    {
        Assert.Equal("1980-01-01T00:00:00Z", BuildTime.Of(null).Text);
        Assert.Equal(BuildTime.Of(""), BuildTime.Of(null));
        Assert.False(BuildTime.Of(null).IsGiven);
    }

    [Fact]
    public void A_given_moment_is_seconds_since_1970()
    {
        Assert.Equal("2001-09-09T01:46:40Z", BuildTime.Of("1000000000").Text);
        Assert.True(BuildTime.Of("0").IsGiven);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("now")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => BuildTime.Of(text)).Kind);
}
