// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Requests;
using Tare.Images.Remote;

namespace Tare.Cli.Tests.Requests;

public class SearchFilterTests
{
    private static readonly SearchHit Hit = new("app", "", 7, IsOfficial: true, IsAutomated: false);

    [Theory]
    [InlineData("stars=7", true)]
    [InlineData("stars=8", false)]
    [InlineData("is-official=true", true)]
    [InlineData("is-official=0", false)]
    [InlineData("is-automated=false", true)]
    [InlineData("is-automated=1", false)]
    public void A_condition_holds_or_not(string text, bool fits) => Assert.Equal(fits, SearchFilter.Parse(text).Fits(Hit));

    [Theory]
    [InlineData("stars=-1", "invalid filter 'stars=-1'")]
    [InlineData("is-official=maybe", "invalid filter 'is-official=maybe'")]
    [InlineData("stars", "invalid filter 'stars='")]
    [InlineData("name=x", "want stars=NUMBER, is-official=true or is-automated=true")]
    public void Others_are_refused(string text, string words) =>
        Assert.Equal(words, Assert.Throws<FormatException>(() => SearchFilter.Parse(text)).Message);
}
