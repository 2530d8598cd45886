// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Ignore;

namespace Tare.Build.Tests.Ignore;

public sealed class CopySourceTests
{
    [Theory]
    [InlineData("a/b", "/a/b", false)]
    [InlineData("./a/../b/", "/b", false)]
    [InlineData("../../etc", "/etc", false)]
    [InlineData("src/*.c", "/src", true)]
    [InlineData("*", "/", true)]
    [InlineData("a\\*b", "/a\\*b", false)]
    [InlineData("x/y?/z", "/x", true)]
    public void A_source_is_a_folder_and_a_pattern(string source, string folder, bool hasWildcards)
    {
        CopyWildcard wildcard = new(source);

        Assert.Equal((folder, hasWildcards), (wildcard.Folder, wildcard.HasWildcards));
    }

    [Theory]
    [InlineData("src/*.c", "main.c", true)]
    [InlineData("src/*.c", "sub/main.c", false)]
    [InlineData("src/*/main.c", "sub/main.c", true)]
    [InlineData("src/**", "a", true)]
    [InlineData("src/**", "a/b", false)]
    [InlineData("arr[[]0].txt", "arr[0].txt", true)]
    [InlineData("?ome", "home", true)]
    [InlineData("[a-c]*", "b/x", false)]
    public void The_pattern_fits_whole_paths_and_two_stars_are_one(string source, string path, bool expected) =>
        Assert.Equal(expected, new CopyWildcard(source).Matches(path));

    [Theory]
    [InlineData("a/b/c.txt", "/", "a/b/c.txt", "/a/b/c.txt")]
    [InlineData("a/./b/c.txt", "/a", "b/c.txt", "/a/b/c.txt")]
    [InlineData("./x/./y/*.txt", "/x", "y/*.txt", null)]
    [InlineData("a/*/./b", "/a/*", "b", null)]
    [InlineData("./a", "/", "a", "/a")]
    public void Parents_are_kept_behind_the_pivot(string source, string folder, string pattern, string? required)
    {
        ParentsSource parents = new(source);

        Assert.Equal((folder, pattern, required), (parents.Base, parents.Pattern, parents.Required));
    }

    [Theory]
    [InlineData("", ".")]
    [InlineData("/", "/")]
    [InlineData("a//b/./c/", "a/b/c")]
    [InlineData("../a/../../b", "../../b")]
    [InlineData("/../a", "/a")]
    public void Cleaning_gives_the_shortest_spelling(string path, string expected) =>
        Assert.Equal(expected, PathText.Clean(path));

    [Theory]
    [InlineData("/w", "x", "/w/x")]
    [InlineData("/w", ".", "/w/")]
    [InlineData("/w", "./", "/w/")]
    [InlineData("/w", "x/", "/w/x/")]
    [InlineData("/w", "/abs/", "/abs/")]
    [InlineData("/", ".", "/")]
    [InlineData("/w", "../..", "/")]
    public void A_destination_is_below_the_working_folder(string folder, string path, string expected) =>
        Assert.Equal(expected, PathText.Resolve(folder, path));
}
