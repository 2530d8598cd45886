// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Cache;
using Tare.Oci;

namespace Tare.Build.Tests.Cache;

public sealed class CacheBudgetTests
{
    private static readonly CacheItem[] Items =
    [
        Item("a", 100, used: 1), Item("b", 200, used: 2), Item("c", 300, used: 3) with { IsInUse = true },
        Item("d", 50, used: 4) with { IsShared = true }, Item("e", 400, used: 5, group: "x"), Item("f", 400, used: 6, group: "x"),
    ];

    [Fact]
    public void Without_a_bound_all_goes_but_what_is_in_use_or_an_images() =>
        Assert.Equal("abef", Chosen(new CacheBudget()));

    [Fact]
    public void With_all_also_what_is_an_images() => Assert.Equal("abdef", Chosen(new CacheBudget { All = true }));

    [Theory]
    [InlineData(1000, "")]
    [InlineData(999, "a")]
    [InlineData(700, "ab")]
    [InlineData(699, "abef")]
    public void The_oldest_go_until_the_rest_fits_and_common_bytes_count_once(long max, string gone) =>
        Assert.Equal(gone, Chosen(new CacheBudget { MaxUsed = max }));

    [Fact]
    public void What_is_reserved_stays_whatever_else_is_wanted()
    {
        Assert.Equal("ab", Chosen(new CacheBudget { MaxUsed = 0, Reserved = 750 }));
        Assert.Equal("a", Chosen(new CacheBudget { Reserved = 900 }));
        Assert.Equal("", Chosen(new CacheBudget { Reserved = 5000 }));
    }

    [Theory]
    [InlineData(10, "")]
    [InlineData(11, "a")]
    [InlineData(111, "ab")]
    public void The_oldest_go_until_enough_is_free(long free, string gone) =>
        Assert.Equal(gone, Chosen(new CacheBudget { MinFree = free }));

    [Fact]
    public void A_filter_says_which_may_go()
    {
        Assert.Equal("a", Chosen(new CacheBudget { Filter = Filter("until=2") }));
        Assert.Equal("b", Chosen(new CacheBudget { Filter = Filter("id=b") }));
        Assert.Equal("", Chosen(new CacheBudget { Filter = Filter("type=exec.cachemount") }));
        Assert.Equal("d", Chosen(new CacheBudget { All = true, Filter = Filter("shared=true", "inuse=false") }));
    }

    [Theory]
    [InlineData("colour=red")]
    [InlineData("inuse=maybe")]
    [InlineData("until")]
    public void A_filter_that_nobody_knows_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => Filter(text)).Kind);

    private static string Chosen(CacheBudget budget) => string.Concat(budget.Choose(Items, freeBytes: 10).Select(static one => one.Id));

    private static CacheFilter Filter(params string[] texts) =>
        CacheFilter.Parse(texts, static text => DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));

    private static CacheItem Item(string id, long bytes, long used, string group = "") =>
        new(id, CacheItem.Record, id, bytes) { Group = group, Used = DateTimeOffset.FromUnixTimeSeconds(used) };
}
