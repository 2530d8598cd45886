// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Oci;

namespace Tare.Build.Tests.Sources;

public sealed class GitProgramTests
{
    [Fact]
    public void A_host_without_git_is_told_so_with_a_way_out()
    {
        var git = new GitProgram(new SourceSettings(null!, null!) { Variable = static name => name == "PATH" ? "/nonexistent:relative" : null });

        TareException refused = Assert.Throws<TareException>(() => git.Run(new GitCall(), TestContext.Current.CancellationToken, "version"));

        Assert.False(git.IsThere);
        Assert.Equal(ErrorKind.NotFound, refused.Kind);
        Assert.Contains("this host has no git", refused.Message, StringComparison.Ordinal);
        Assert.Contains("apt install git", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_gits_own_words()
    {
        var git = new GitProgram(new SourceSettings(null!, null!));

        GitFailure failure = Assert.Throws<GitFailure>(
            () => git.Run(new GitCall { Folder = "/nonexistent" }, TestContext.Current.CancellationToken, "status"));

        Assert.Contains("cannot change to '/nonexistent'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_remote_nothing_is_fetched_whatever_the_address()
    {
        var git = new GitProgram(new SourceSettings(null!, null!));

        GitFailure failure = Assert.Throws<GitFailure>(
            () => git.Run(new GitCall(), TestContext.Current.CancellationToken, "ls-remote", "--", "https://127.0.0.1:1/a.git"));

        Assert.Contains("not allowed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_host_are_no_repositories()
    {
        var git = new GitProgram(new SourceSettings(null!, null!));

        GitFailure failure = Assert.Throws<GitFailure>(() => git.Run(
            new GitCall { Remote = "https://host/a.git" }, TestContext.Current.CancellationToken, "ls-remote", "--", "file:///etc"));

        Assert.Contains("'file' not allowed", failure.Message, StringComparison.Ordinal);
    }
}
