// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance.Build;

/// <summary>Contexts and sources of ADD that are git repositories.</summary>
[Trait("ring", "kernel")]
public sealed class GitTests(BuildGround ground) : IClassFixture<BuildGround>, IDisposable
{
    private const string Show = "FROM busybox\nCOPY . /c\n";

    private readonly GitServer _server = new(Path.Combine(ground.Tare.Folder, "git"));

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_context_is_a_branch_a_tag_a_commit_or_a_folder_of_it()
    {
        string address = _server.Repository("context", ("Dockerfile", Show), ("a", "1"), ("sub/Dockerfile", Show), ("sub/b", "deep"));
        string first = _server.Commit("context");
        _server.In("context", "tag", "-a", "-m", "t", "v1");
        _server.In("context", "checkout", "-q", "-b", "next");
        _server.Commit("context", ("a", "2"));
        _server.In("context", "checkout", "-q", "main");

        Assert.Equal("1", Built(address, "cat /c/a"));
        Assert.Equal("2", Built(address + "#next", "cat /c/a"));
        Assert.Equal("1", Built(address + "#v1", "cat /c/a"));
        Assert.Equal("1", Built(address + "#" + first, "cat /c/a; test ! -e /c/.git"));
        Assert.Equal("deep", Built(address + "#main:sub", "cat /c/b; test ! -e /c/a"));
        Assert.Equal("deep", Built(address + "?branch=next&subdir=sub", "cat /c/b"));
        Assert.Equal("0:0 644", Built(address, "stat -c '%u:%g %a' /c/a"));
    }

    [Fact]
    public void What_is_not_in_the_repository_is_named()
    {
        string address = _server.Repository("absent", ("Dockerfile", Show));
        string commit = _server.Commit("absent");

        Assert.Contains("repository does not contain ref \"nowhere\"", Failed(address + "#nowhere"), StringComparison.Ordinal);
        Assert.Contains("no folder \"nowhere\" in the repository", Failed(address + "#main:nowhere"), StringComparison.Ordinal);
        Assert.Contains(new string('1', 40), Failed(address + "#" + new string('1', 40)), StringComparison.Ordinal);
        Assert.Contains($"expected checksum to match 1234567, got {commit}", Failed(address + "?branch=main&checksum=1234567"), StringComparison.Ordinal);
        Assert.Contains("leads out of it", Failed(address + "#main:../.."), StringComparison.Ordinal);
        Assert.Contains("git ls-remote", Failed(address.Replace("absent", "gone", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void ADD_takes_a_repository_and_is_done_again_when_it_has_a_new_commit()
    {
        string address = _server.Repository("added", ("a", "1"), ("run.sh", "#!/bin/sh\n"), ("sub/b", "x"));
        File.SetUnixFileMode(Path.Combine(_server.TreeOf("added"), "run.sh"), (UnixFileMode)0b111_101_101);
        string pinned = _server.Commit("added");
        string context = ground.Context(
            $"FROM busybox\nADD {address} /whole\nADD {address}#main:sub /part/\nADD --keep-git-dir=true --checksum={pinned} {address}#{pinned} /kept\n");

        ground.Build(context, "-t", "added", "--network", "none");
        string again = ground.Build(context, "--network", "none");
        _server.Commit("added", ("a", "2"));
        string changed = ground.Build(context, "-t", "changed", "--network", "none");

        Assert.Equal(
            "1 x\n755 0:0\nref\n",
            ground.Shell("added", "echo $(cat /whole/a) $(cat /part/b); stat -c '%a %u:%g' /whole/run.sh; test ! -e /whole/.git; test -s /kept/.git/HEAD; test -d /kept/.git/refs && echo ref"));
        Assert.Equal(3, again.Split(" CACHED\n").Length - 1 - 1);
        Assert.DoesNotMatch(@"\[2/4\] ADD [^\n]*\n#\d+ DONE", again);
        Assert.Matches(@"\[2/4\] ADD [^\n]*\n#\d+ DONE", changed);
        Assert.Equal("2", ground.Shell("changed", "cat /whole/a"));
    }

    [Fact]
    public void Kept_git_folders_are_whole_repositories_that_hold_nothing_of_the_moment()
    {
        string address = _server.Repository("kept", ("a", "1"));
        string context = ground.Context($"FROM scratch\nADD --keep-git-dir=true {address}#main /\n");

        string one = ground.Id(context, "--no-cache"), two = ground.Id(context, "--no-cache");
        string folder = Path.Combine(ground.Tare.Folder, "kept-out");
        ground.Build(context, "-o", folder);

        Assert.Equal(one, two);
        Assert.Equal("", GitServer.Git(folder, "status", "--porcelain"));
        Assert.Equal(_server.In("kept", "rev-parse", "HEAD"), GitServer.Git(folder, "rev-parse", "HEAD"));
        Assert.Equal(address, GitServer.Git(folder, "remote", "get-url", "origin").Trim());
    }

    [Fact]
    public void Submodules_come_along_unless_they_are_not_wanted()
    {
        string inner = _server.Repository("inner", ("deep", "in"));
        string address = _server.Repository("outer", ("a", "1"));
        _server.In("outer", "submodule", "--quiet", "add", inner, "lib");
        _server.Commit("outer");

        Assert.Equal("in", Added(address, "cat /r/lib/deep; test ! -e /r/lib/.git; test ! -e /r/.git"));
        Assert.Equal("none", Added(address + "?submodules=false", "test -e /r/lib/deep || echo -n none"));
    }

    [Fact]
    public void A_named_context_may_be_a_repository()
    {
        string address = _server.Repository("named", ("f", "from elsewhere"));
        string context = ground.Context("FROM busybox\nCOPY --from=src /f /f\n");

        ground.Build(context, "--build-context", $"src={address}#main", "-t", "named", "--network", "none");

        Assert.Equal("from elsewhere", ground.Shell("named", "cat /f"));
    }

    [Fact]
    public void Repositories_that_are_kept_count_in_the_cache_and_go_with_it()
    {
        string address = _server.Repository("counted", ("Dockerfile", "FROM scratch\nCOPY . /\n"));
        ground.Build(address);

        string before = ground.Tare.Succeed("builder", "du");
        ground.Tare.Succeed("builder", "prune", "-f");
        string after = ground.Tare.Succeed("builder", "du");

        Assert.Contains(address, before, StringComparison.Ordinal);
        Assert.DoesNotContain(address, after, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(ground.Tare.Root, "build", "git")));
        ground.Build(address);
    }

    [Fact]
    public void An_image_is_dated_by_the_commit_that_it_is_made_of()
    {
        string address = _server.Repository("dated", ("Dockerfile", "FROM busybox\nCOPY . /c\n"), ("a", "1"));
        string tree = _server.TreeOf("dated");

        ground.Build(address, "-t", "dated:remote");
        ground.Build(tree, "-t", "dated:local");
        ground.Build(tree, "-t", "dated:given", "--build-arg", "SOURCE_DATE_EPOCH=1000000000");
        string plain = ground.Context("FROM busybox\n");
        ground.Build(plain, "-t", "dated:fixed");

        Assert.Equal("2020-09-13T12:26:40Z", Created("dated:remote"));
        Assert.Equal("2020-09-13T12:26:40Z", Created("dated:local"));
        Assert.Equal("2001-09-09T01:46:40Z", Created("dated:given"));
        Assert.Equal("1980-01-01T00:00:00Z", Created("dated:fixed"));
    }

    private string Created(string image) => ground.Tare.Succeed("inspect", "-f", "{{.Created}}", image).Trim();

    private string Built(string context, string script)
    {
        ground.Build(context, "-t", "built", "--network", "none");
        return ground.Shell("built", script).TrimEnd('\n');
    }

    private string Added(string address, string script)
    {
        ground.Build(ground.Context($"FROM busybox\nADD {address} /r\n"), "-t", "submodules", "--network", "none");
        return ground.Shell("submodules", script);
    }

    private string Failed(string context)
    {
        Outcome outcome = ground.Tare.Run("build", context);
        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        return outcome.Error;
    }
}
