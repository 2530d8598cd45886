// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public class SuggestionTests
{
    [Theory]
    [InlineData("imgaes", "images")]
    [InlineData("rum", "run")]
    [InlineData("lod", "load")]
    [InlineData("histroy", "history")]
    [InlineData("xyz", null)]
    [InlineData("quitedifferent", null)]
    public void The_nearest_word_is_offered_when_it_is_near(string typed, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(typed, ["run", "images", "load", "history", "inspect"]));
}
