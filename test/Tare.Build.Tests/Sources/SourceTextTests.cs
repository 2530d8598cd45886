// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Oci;

namespace Tare.Build.Tests.Sources;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("https://user:secret@host/a.git", "https://user:xxxxx@host/a.git")]
    [InlineData("https://token@host/a.git#main", "https://xxxxx@host/a.git#main")]
    [InlineData("ssh://git@host/a.git", "ssh://git@host/a.git")]
    [InlineData("git@host:a.git", "git@host:a.git")]
    [InlineData("fatal: unable to access 'http://u:p@h/x.git/': no", "fatal: unable to access 'http://u:xxxxx@h/x.git/': no")]
    public void Passwords_are_not_shown(string text, string shown) => Assert.Equal(shown, RemoteText.WithoutPasswords(text));

    [Theory]
    [InlineData("https://user:secret@host/a.git", "https://host/a.git")]
    [InlineData("HTTP://token@host:1/a@b.git", "HTTP://host:1/a@b.git")]
    [InlineData("https://host/a@b.git", "https://host/a@b.git")]
    [InlineData("ssh://git@host/a.git", "ssh://git@host/a.git")]
    public void Arguments_have_no_passwords(string text, string given) => Assert.Equal(given, RemoteText.WithoutUser(text));

    [Theory]
    [InlineData("fatal: could not read Username for 'https://h': terminal prompts disabled", ErrorKind.Unauthenticated, "GIT_AUTH_TOKEN")]
    [InlineData("git@h: Permission denied (publickey).", ErrorKind.Unauthenticated, "--ssh default")]
    [InlineData("Host key verification failed.", ErrorKind.Unauthenticated, "known hosts")]
    [InlineData("fatal: unable to access 'http://h/x.git/': The requested URL returned error: 302", ErrorKind.Unavailable, "no redirect")]
    [InlineData("fatal: repository 'http://h/x.git/' not found", ErrorKind.NotFound, null)]
    [InlineData("fatal: unable to connect", ErrorKind.Unavailable, null)]
    public void What_git_complains_of_is_told_with_a_way_out(string output, ErrorKind kind, string? hint)
    {
        var failure = GitFailure.Of("fetch", "https://u:p@h/x.git", output, 128);

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(hint ?? "", failure.Hint ?? "", StringComparison.Ordinal);
        Assert.Equal(hint is null, failure.Hint is null);
        Assert.StartsWith("git fetch https://u:xxxxx@h/x.git: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remotes_words_cannot_steer_a_terminal() =>
        Assert.DoesNotContain('\u001b', GitFailure.Of("fetch", null, "remote: \u001b[2Jgone", 1).Message);

    [Theory]
    [InlineData("tree 1\ncommitter A B <c> 1700000000 +0100\n\nmessage", 1700000000L)]
    [InlineData("tree 1\n\ncommitter A <c> 1700000000 +0100\n", null)]
    [InlineData("committer A <c> -5 +0100\n", null)]
    [InlineData("", null)]
    public void A_commits_time_is_its_committers(string commit, long? time) => Assert.Equal(time, CommitTime.Find(commit));

    [Theory]
    [InlineData("https://host/a.tar.gz", true)]
    [InlineData("git@host:a.git", true)]
    [InlineData("ssh://git@host/a", true)]
    [InlineData("./folder", false)]
    [InlineData("folder@2", false)]
    public void Contexts_elsewhere_are_told_from_folders(string location, bool isRemote) =>
        Assert.Equal(isRemote, RemoteContext.IsRemote(location));
}
