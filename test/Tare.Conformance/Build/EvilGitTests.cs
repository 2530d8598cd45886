// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>Repositories, servers and references that want a program run on the host, a file of the host, or all of its disk or time.</summary>
/// <remarks>CVE-2019-13139, CVE-2026-44517, CVE-2026-33748 and what git itself had.</remarks>
[Trait("ring", "kernel")]
public sealed class EvilGitTests : IDisposable
{
    private const string Canary = "canary-of-the-host-44ab";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BuildGround _ground = new();
    private readonly GitServer _daemon;
    private readonly GitWebServer _web;
    private readonly string _host;
    private readonly string _marker;

    public EvilGitTests()
    {
        _daemon = new GitServer(Path.Combine(_ground.Tare.Folder, "git"));
        _web = new GitWebServer(Path.Combine(_ground.Tare.Folder, "web"));
        _host = Directory.CreateDirectory(Path.Combine(_ground.Tare.Folder, "victim")).FullName;
        File.WriteAllText(Path.Combine(_host, "Dockerfile"), $"FROM busybox\n# {Canary}\nCOPY . /stolen\n");
        File.WriteAllText(Path.Combine(_host, "canary"), Canary);
        GitServer.Git(_host, "init", "-q", "-b", "main", ".");
        GitServer.Git(_host, "add", "-A");
        GitServer.Git(_host, "commit", "-q", "-m", "the victim's own");
        _marker = Path.Combine(_ground.Tare.Folder, "marker");
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _web.Dispose();
        _ground.Dispose();
    }

    [Theory]
    [InlineData("ADDRESS#--upload-pack=touch MARKER")]
    [InlineData("ADDRESS#--upload-pack=touch${IFS}MARKER")]
    [InlineData("ADDRESS#-uMARKER")]
    [InlineData("ADDRESS#main:--upload-pack=MARKER")]
    [InlineData("ADDRESS#--output=MARKER:sub")]
    [InlineData("ADDRESS?ref=--upload-pack%3Dtouch%20MARKER")]
    [InlineData("ADDRESS?branch=--output%3DMARKER")]
    [InlineData("ADDRESS?tag=-f&subdir=--")]
    [InlineData("ADDRESS?checksum=--output%3DMARKER")]
    [InlineData("ADDRESS?subdir=..%2F..%2Fvictim")]
    [InlineData("ADDRESS#main:../../../victim")]
    [InlineData("ADDRESS#main:sub/../../../victim")]
    [InlineData("ADDRESS#main:/../victim")]
    [InlineData("ADDRESS#main:HOST")]
    [InlineData("ADDRESS#../../victim/.git/refs/heads/main")]
    [InlineData("ADDRESS#main\nmarker")]
    [InlineData("ADDRESS#$(touch MARKER)")]
    [InlineData("ADDRESS#`touch MARKER`")]
    [InlineData("ssh://-oProxyCommand=touch MARKER/x")]
    [InlineData("ssh://-oProxyCommand=touch%20MARKER/x")]
    [InlineData("ssh://user@-oProxyCommand=touch%20MARKER/x")]
    [InlineData("ssh://host;touch MARKER/x.git")]
    [InlineData("ssh://$(touch MARKER)/x.git")]
    [InlineData("-oProxyCommand=touch@host:MARKER")]
    [InlineData("git@-oProxyCommand=touch MARKER:x")]
    [InlineData("git@$(touch MARKER):x")]
    [InlineData("git://127.0.0.1:1/x;touch MARKER")]
    [InlineData("git://-h/x.git")]
    [InlineData("git://--upload-pack=touch/x.git")]
    [InlineData("ext::sh -c touch% MARKER")]
    [InlineData("file://HOST")]
    [InlineData("file://HOST/.git")]
    [InlineData("http://127.0.0.1:1/--upload-pack=touch MARKER.git")]
    public void A_reference_is_never_an_option_a_command_or_a_way_out(string reference)
    {
        string address = _daemon.Repository("ref", ("Dockerfile", "FROM busybox\nCOPY . /c\n"), ("sub/f", "x"));
        string text = Filled(reference).Replace("ADDRESS", address, StringComparison.Ordinal);

        AssertRefused(_ground.Tare.Run("build", "--network", "none", "--", text));
        AssertRefused(_ground.Tare.Run("build", "--network", "none", "--build-context", "src=" + text, _ground.Context("FROM busybox\nCOPY --from=src . /r\n")));
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            AssertRefused(_ground.Tare.Run("build", "--network", "none", _ground.Context($"FROM busybox\nADD [\"{text}\", \"/r\"]\n")));
        }
    }

    [Theory]
    [InlineData("main:out")]
    [InlineData("main:up")]
    [InlineData("main:out/../victim")]
    [InlineData("main:in/up")]
    [InlineData("main")]
    public void A_link_of_a_repository_leads_nowhere(string fragment)
    {
        string address = _daemon.Repository("links", ("in/f", "x"));
        string tree = _daemon.TreeOf("links");
        File.CreateSymbolicLink(tree + "/out", _host);
        File.CreateSymbolicLink(tree + "/up", "../../../../../../../../../../../.." + _host);
        File.CreateSymbolicLink(tree + "/in/up", "../../../../../../../../../../../.." + _host);
        File.CreateSymbolicLink(tree + "/Dockerfile", _host + "/Dockerfile");
        _daemon.Commit("links");

        AssertRefused(_ground.Tare.Run("build", "--network", "none", $"{address}#{fragment}"));
        Outcome added = _ground.Tare.Run("build", "--network", "none", "-o", _ground.Tare.Folder + "/out", _ground.Context($"FROM scratch\nADD {address}#{fragment} /r\n"));
        Assert.Equal(fragment == "main" ? 0 : 1, added.ExitCode);
        AssertUntouched(added);
        Assert.True(added.ExitCode != 0 || !BuildGround.FilesWith(_ground.Tare.Folder + "/out", Canary).Any());
    }

    /// <summary>CVE-2017-1000117, CVE-2018-11235, CVE-2018-17456 and their kind.</summary>
    [Theory]
    [InlineData("x", "lib", "file://HOST")]
    [InlineData("x", "lib", "HOST")]
    [InlineData("x", "lib", "HOST/.git")]
    [InlineData("x", "lib", "../../victim")]
    [InlineData("x", "lib", "ext::sh -c touch% MARKER")]
    [InlineData("x", "lib", "--upload-pack=touch MARKER")]
    [InlineData("x", "lib", "-u./MARKER")]
    [InlineData("x", "lib", "ssh://-oProxyCommand=touch%20MARKER/x")]
    [InlineData("x", "lib", "fd::17")]
    [InlineData("../../../victim", "lib", "INNER")]
    [InlineData("../modules/x", "lib", "INNER")]
    [InlineData("x", "../victim/lib", "INNER")]
    [InlineData("x", ".git/hooks", "INNER")]
    [InlineData("x", "-lib", "INNER")]
    [InlineData("x", "lib", "INNER", "update = !touch MARKER")]
    [InlineData("x", "lib", "INNER", "ignore = all\n\tupdate = !touch MARKER")]
    public void A_submodule_runs_and_reads_nothing_of_the_host(string name, string path, string url, string more = "")
    {
        string inner = _daemon.Repository("inner", ("deep", "in"));
        string address = _daemon.Repository("sub", ("Dockerfile", "FROM busybox\nCOPY . /c\n"));
        string commit = GitServer.Git(url.Contains("INNER", StringComparison.Ordinal) ? _daemon.TreeOf("inner") : _host, "rev-parse", "HEAD").Trim();
        string modules = $"[submodule \"{name}\"]\n\tpath = {path}\n\turl = {url}\n\t{more}\n";
        _daemon.Commit("sub", (".gitmodules", Filled(modules).Replace("INNER", inner, StringComparison.Ordinal)));
        string index = Outcome.Of("git", "-C", _daemon.TreeOf("sub"), "write-tree").Text.Trim();
        AddGitlink("sub", index, path, commit);

        foreach (string keeps in (string[])["0", "1"])
        {
            Outcome outcome = _ground.Tare.Run(
                "build", "--no-cache", "--network", "none", "-t", "sub", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=" + keeps, address + "#evil");
            AssertUntouched(outcome);
            Assert.True(outcome.ExitCode == 1 || !_ground.Shell("sub", "find /c -type f -exec cat {} +").Contains(Canary, StringComparison.Ordinal), outcome.Error);
        }
    }

    [Fact]
    public void Attributes_filters_hooks_and_settings_of_a_repository_run_nothing()
    {
        string run = $"#!/bin/sh\ntouch {_marker}\n";
        string address = _daemon.Repository(
            "programs",
            ("Dockerfile", "FROM busybox\nCOPY . /c\n"),
            (".gitattributes", "* filter=evil diff=evil merge=evil\nbig filter=lfs diff=lfs merge=lfs -text\n"),
            (".gitconfig", $"[filter \"evil\"]\n\tsmudge = touch {_marker}\n\tprocess = touch {_marker}\n\trequired = true\n[core]\n\tfsmonitor = touch {_marker}\n"),
            (".lfsconfig", $"[lfs]\n\turl = http://127.0.0.1:1/\n[lfs \"customtransfer.x\"]\n\tpath = {_marker}\n"),
            ("big", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n"),
            ("hooks/post-checkout", run), ("hooks/reference-transaction", run), ("config", $"[core]\n\tsshCommand = touch {_marker}\n"), ("HEAD", "ref: refs/heads/main\n"),
            ("objects/x", ""), ("refs/x", ""));
        foreach (string hook in (string[])["post-checkout", "reference-transaction"])
        {
            File.SetUnixFileMode(Path.Combine(_daemon.TreeOf("programs"), "hooks", hook), (UnixFileMode)0b111_101_101);
        }

        _daemon.Commit("programs");

        AssertUntouched(Built(address, "programs"));
        AssertUntouched(Built(address, "kept", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1"));

        Assert.StartsWith("version https://git-lfs", _ground.Shell("programs", "cat /c/big"), StringComparison.Ordinal);
        Assert.StartsWith("version https://git-lfs", _ground.Shell("kept", "cat /c/big"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".git")]
    [InlineData(".GIT")]
    [InlineData(".Git")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../../victim/written")]
    [InlineData("a/../../written")]
    [InlineData("/written")]
    public void A_tree_of_names_that_lead_out_is_not_checked_out(string name)
    {
        string address = _daemon.Repository("names", ("Dockerfile", "FROM busybox\nCOPY . /c\n"));
        string tree = _daemon.TreeOf("names");
        string blob = Outcome.Of("git", "-C", tree, "rev-parse", "HEAD:Dockerfile").Text.Trim();
        string below = HashTree(tree, ("100644", "config", blob), ("100644", "written", blob));
        string whole = name.Contains('/', StringComparison.Ordinal) ? HashTree(tree, ("100644", name, blob)) : HashTree(tree, ("40000", name, below));
        CommitTree("names", whole);

        AssertRefused(_ground.Tare.Run("build", "--network", "none", address + "#evil"));
        AssertRefused(_ground.Tare.Run("build", "--network", "none", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1", address + "#evil"));
        Assert.False(File.Exists(Path.Combine(_host, "written")) || File.Exists("/written"));
    }

    [Fact]
    public void A_branch_that_moves_meanwhile_gives_the_commit_that_was_asked_for()
    {
        string address = _web.Repository("moves", ("f", "first"));
        int asked = 0;
        _web.Before = (context, body) =>
        {
            if (Encoding.ASCII.GetString(body).Contains("command=fetch", StringComparison.Ordinal) && Interlocked.Exchange(ref asked, 1) == 0)
            {
                _web.Commit("moves", ("f", "second"));
            }

            return Task.FromResult(false);
        };

        Outcome built = _ground.Tare.Run("build", "--network", "none", "-t", "moves", _ground.Context($"FROM busybox\nADD {address}#main /r\n"));

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal("first", _ground.Shell("moves", "cat /r/f"));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_repository_without_end_ends_at_the_bound_and_leaves_nothing()
    {
        string address = _web.Repository("endless", ("Dockerfile", "FROM scratch\n"));
        Answer("command=fetch", static async (stream, ended) =>
        {
            await stream.WriteAsync("000dpackfile\n"u8.ToArray(), ended);

            // one blob of 2^40 bytes, in blocks that are stored as they are
            await stream.WriteAsync(Packet([0x50, 0x41, 0x43, 0x4B, 0, 0, 0, 2, 0, 0, 0, 1, 0xB0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02, 0x78, 0x01]), ended);
            byte[] block = Packet([0, 0, 0x80, 0xFF, 0x7F, .. new byte[0x8000]]);
            while (true)
            {
                await stream.WriteAsync(block, ended);
            }
        });

        Outcome failed = Limited("\"max-size\": \"64m\"", address);

        AssertRefused(failed);
        Assert.Contains("takes more than 67108864 bytes", failed.Error, StringComparison.Ordinal);
        Assert.Contains("hint: max-size of git-limits", failed.Error, StringComparison.Ordinal);
        AssertSmall();
        _web.Before = static (_, _) => Task.FromResult(false);
        _ground.Build(address, "--network", "none");
    }

    [Theory]
    [InlineData(4, "takes more than 20971520 bytes")]
    [InlineData(8, "Out of memory")]
    public void A_small_repository_of_endless_files_ends_at_the_bound(int depth, string message)
    {
        string address = _web.Repository("bomb", ("Dockerfile", "FROM scratch\n"));
        string tree = _web.TreeOf("bomb");
        string blob = Outcome.Of("git", "-C", tree, "rev-parse", "HEAD:Dockerfile").Text.Trim();
        string below = HashTree(tree, [.. Enumerable.Range(0, 10).Select(i => ("100644", $"f{i}", blob))]);
        for (int level = 0; level < depth; level++)
        {
            below = HashTree(tree, [.. Enumerable.Range(0, 10).Select(i => ("40000", $"d{i}", below))]);
        }

        string commit = GitServer.Git(tree, "commit-tree", "-m", "bomb", below).Trim();
        GitServer.Git(tree, "branch", "evil", commit);

        Outcome failed = Limited("\"max-size\": \"20m\"", address + "#evil");

        AssertRefused(failed);
        Assert.Contains(message, failed.Error, StringComparison.Ordinal);
        AssertSmall();
    }

    [Fact]
    public void Endless_lists_and_silence_end_too()
    {
        string address = _web.Repository("slow", ("Dockerfile", "FROM scratch\n"));
        Answer("command=ls-refs", static async (stream, ended) =>
        {
            for (int i = 0; !ended.IsCancellationRequested; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"0041{new string('1', 40)} refs/heads/{i:d8}\n"), ended);
                await Task.Delay(1, ended);
            }
        });
        Outcome endless = Limited("\"max-time\": \"2s\"", address);
        Answer("command=fetch", static (_, ended) => Task.Delay(Patience, ended));
        Outcome silent = Limited("\"max-silence\": \"2s\"", address);

        AssertRefused(endless);
        Assert.Contains("it was not done after 2 s", endless.Error, StringComparison.Ordinal);
        AssertRefused(silent);
        Assert.Contains("nothing came for 2 s", silent.Error, StringComparison.Ordinal);
        Assert.Contains("hint: max-silence of git-limits", silent.Error, StringComparison.Ordinal);
    }

    private static byte[] Packet(byte[] data) => [.. Encoding.ASCII.GetBytes($"{data.Length + 5:x4}"), 1, .. data];

    /// <summary>Has requests with this in their body answered so.</summary>
    private void Answer(string wanted, Func<Stream, CancellationToken, Task> answer) => _web.Before = async (context, body) =>
    {
        if (!Encoding.ASCII.GetString(body).Contains(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        context.Response.ContentType = "application/x-git-upload-pack-result";
        context.Response.SendChunked = true;
        await answer(context.Response.OutputStream, TestContext.Current.CancellationToken);
        return true;
    };

    private Outcome Limited(string limits, string address)
    {
        string file = Path.Combine(_ground.Tare.Folder, "config");
        File.WriteAllText(file, $"{{\"git-limits\": {{{limits}}}}}");
        long start = Stopwatch.GetTimestamp();
        Outcome outcome = _ground.Tare.Run("--config", file, "build", "--network", "none", "--no-cache", address);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Patience);
        return outcome;
    }

    private Outcome Built(string address, string tag, params string[] flags)
    {
        Outcome outcome = _ground.Tare.Run(["build", "--network", "none", "-t", tag, .. flags, address]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }

    /// <summary>Nothing of it is kept.</summary>
    private void AssertSmall()
    {
        string[] folders = [Path.Combine(_ground.Tare.Root, "build"), Path.Combine(_ground.Tare.Root, "tmp")];
        Assert.InRange(
            folders.Where(Directory.Exists).SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Sum(static file => new FileInfo(file).Length), 0, 1 << 20);
        Assert.Equal(0, _ground.Tare.Run("system", "check").ExitCode);
    }

    private void AssertRefused(Outcome outcome)
    {
        Assert.True(outcome.ExitCode is 1 or 125, $"{outcome.ExitCode}: {outcome.Error}");
        AssertUntouched(outcome);
    }

    private void AssertUntouched(Outcome outcome)
    {
        Assert.False(File.Exists(_marker));
        Assert.DoesNotContain(Canary, outcome.Error + outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(BuildGround.FilesWith(_ground.Tare.Root, Canary));
        Assert.Equal([".git", "Dockerfile", "canary"], Directory.GetFileSystemEntries(_host).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private string Filled(string text) => text.Replace("HOST", _host, StringComparison.Ordinal).Replace("MARKER", _marker, StringComparison.Ordinal);

    /// <summary>A tree object with whatever names; git's own tools do not make these.</summary>
    private static string HashTree(string repository, params (string Mode, string Name, string Id)[] entries)
    {
        string file = Path.Combine(repository, ".git", "tree");
        File.WriteAllBytes(
            file,
            [.. entries.SelectMany(static entry => (byte[])[.. Encoding.UTF8.GetBytes($"{entry.Mode} {entry.Name}\0"), .. Convert.FromHexString(entry.Id)])]);
        return GitServer.Git(repository, "hash-object", "-t", "tree", "-w", "--literally", file).Trim();
    }

    private void CommitTree(string name, string tree)
    {
        string commit = GitServer.Git(_daemon.TreeOf(name), "commit-tree", "-m", "evil", tree).Trim();
        GitServer.Git(_daemon.TreeOf(name), "branch", "evil", commit);
    }

    /// <summary>A branch whose tree has a commit of another repository at a path.</summary>
    private void AddGitlink(string name, string tree, string path, string commit)
    {
        string repository = _daemon.TreeOf(name);
        (string Mode, string Name, string Id)[] entries =
        [
            .. Outcome.Of("git", "-C", repository, "ls-tree", tree).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => (line[..6], line.Split('\t')[1], line[12..52])),
        ];
        int slash = path.LastIndexOf('/');
        string link = path[(slash + 1)..], id = commit, mode = "160000";
        foreach (string folder in slash < 0 ? [] : path[..slash].Split('/').Reverse())
        {
            (id, mode, link) = (HashTree(repository, (mode, link, id)), "40000", folder);
        }

        CommitTree(name, HashTree(repository, [.. entries.Append((mode, link, id)).OrderBy(static entry => entry.Item2, StringComparer.Ordinal)]));
    }
}
