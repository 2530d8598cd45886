// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;

namespace Tare.Build.Tests.Sources;

public sealed class GitRefsTests
{
    private const string One = "1111111111111111111111111111111111111111";
    private const string Two = "2222222222222222222222222222222222222222";
    private const string Three = "3333333333333333333333333333333333333333";

    [Fact]
    public void A_branch_goes_before_a_tag_of_its_name()
    {
        string list = $"{One}\trefs/heads/v1\n{Two}\trefs/tags/v1\n";

        Assert.Equal(new GitCommit(One, "refs/heads/v1", null), GitRefs.Find(list, "v1"));
        Assert.Equal(new GitCommit(Two, "refs/tags/v1", null), GitRefs.Find(list, "refs/tags/v1"));
    }

    [Fact]
    public void An_annotated_tag_is_the_commit_that_it_leads_to()
    {
        GitCommit found = GitRefs.Find($"{One}\trefs/tags/v1\n{Two}\trefs/tags/v1^{{}}\n", "v1")!;

        Assert.Equal(new GitCommit(Two, "refs/tags/v1", One), found);
        Assert.True(found.Fits(Two));
        Assert.True(found.Fits(One[..7]));
        Assert.False(found.Fits(Three));
    }

    [Fact]
    public void A_name_that_only_ends_so_is_another_one()
    {
        string list = $"{One}\trefs/heads/feature/main\n{Two}\trefs/remotes/origin/main\n";

        Assert.Null(GitRefs.Find(list, "main"));
        Assert.Equal(One, GitRefs.Find(list, "feature/main")!.Id);
    }

    [Fact]
    public void The_default_branch_is_HEAD() => Assert.Equal(
        new GitCommit(One, "HEAD", null), GitRefs.Find($"{One}\tHEAD\n{Two}\trefs/heads/HEAD\n", "HEAD"));

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("zz\trefs/heads/main")]
    [InlineData("\trefs/heads/main")]
    public void What_is_no_list_names_nothing(string list) => Assert.Null(GitRefs.Find(list, "main"));

    [Theory]
    [InlineData(One, true)]
    [InlineData("111111111111111111111111111111111111111", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false)]
    public void Only_a_whole_id_is_a_commit(string text, bool isId) => Assert.Equal(isId, GitCommit.IsId(text));
}
