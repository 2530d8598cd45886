// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;

namespace Tare.Images.Tests.Layers;

public class HostileArchiveTests
{
    [Fact]
    public void The_kit_is_large_its_names_are_distinct_and_it_is_the_same_each_time()
    {
        List<HostileArchive> all = [.. HostileArchives.All];

        Assert.True(all.Count(a => a.IsRefused) >= 400);
        Assert.Equal(all.Count, all.DistinctBy(a => a.Name).Count());
        Assert.Equal(all.Select(a => a.Archive.Length), HostileArchives.All.Select(a => a.Archive.Length));
    }
}
