// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Pruning;
using Tare.Oci;

namespace Tare.Engine.Tests.Pruning;

public sealed class PruneFilterTests
{
    private static readonly string[] Keys = ["until", "label", "label!"];
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Labels = new() { ["a"] = "1", ["b"] = "x=y" };

    [Theory]
    [InlineData("until=1h", -61, true)]
    [InlineData("until=1h", -59, false)]
    [InlineData("until=2026-11-27T11:30:00Z", -31, true)]
    [InlineData("until=2026-11-27T11:30:00Z", -29, false)]
    [InlineData("until=0", -600000, false)]
    [InlineData("label=a", 0, true)]
    [InlineData("label=a=1", 0, true)]
    [InlineData("label=a=2", 0, false)]
    [InlineData("label=b=x=y", 0, true)]
    [InlineData("label=c", 0, false)]
    [InlineData("label!=c", 0, true)]
    [InlineData("label!=a", 0, false)]
    [InlineData("label!=a=2", 0, true)]
    public void What_fits_goes(string filter, int minutes, bool fits) =>
        Assert.Equal(fits, PruneFilter.Parse([filter], Keys, new Clock()).Matches(Noon.AddMinutes(minutes), Labels));

    [Fact]
    public void Everything_that_is_asked_must_fit() =>
        Assert.False(PruneFilter.Parse(["label=a", "label!=b"], Keys, new Clock()).Matches(Noon, Labels));

    [Theory]
    [InlineData("until")]
    [InlineData("until=soon")]
    [InlineData("name=x")]
    [InlineData("all=true")]
    [InlineData("=x")]
    [InlineData("")]
    public void What_is_no_filter_is_refused(string filter)
    {
        TareException refused = Assert.Throws<TareException>(() => PruneFilter.Parse([filter], Keys, new Clock()));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.NotNull(refused.Hint);
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }
}
