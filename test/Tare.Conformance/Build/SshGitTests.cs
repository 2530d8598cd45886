// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary>Repositories behind OpenSSH's server.</summary>
[Trait("ring", "kernel")]
public sealed class SshGitTests : IDisposable
{
    private readonly BuildGround _ground = new();
    private readonly SshServer _server;
    private readonly string _repository;
    private readonly string _known;

    public SshGitTests()
    {
        _server = new SshServer(Path.Combine(_ground.Tare.Folder, "sshd"));
        _repository = Directory.CreateDirectory(Path.Combine(_ground.Tare.Folder, "private")).FullName;
        File.WriteAllText(Path.Combine(_repository, "Dockerfile"), "FROM busybox\nCOPY f /f\n");
        File.WriteAllText(Path.Combine(_repository, "f"), "over ssh");
        GitServer.Git(_repository, "init", "-q", "-b", "main", ".");
        GitServer.Git(_repository, "add", "-A");
        GitServer.Git(_repository, "commit", "-q", "-m", "a commit");
        _known = Path.Combine(_ground.Tare.Folder, "known hosts");
        File.WriteAllText(_known, _server.KnownHost);
        _ground.Tare.Variables["SSH_KNOWN_HOSTS"] = _known;
        _ground.Tare.Variables["SSH_AUTH_SOCK"] = "";
    }

    private string Address => $"ssh://root@127.0.0.1:{_server.Port}{_repository}";

    public void Dispose()
    {
        _server.Dispose();
        _ground.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_context_and_ADD_come_with_a_key_or_an_agent(bool isAgent)
    {
        string key = _server.Key("key", mayEnter: true);
        using SshAgent? agent = isAgent ? new SshAgent(Path.Combine(_ground.Tare.Folder, "agent"), key) : null;
        string lent = "default=" + (agent?.Socket ?? key);
        string adding = _ground.Context($"FROM busybox\nADD {Address}#main /r\n");

        _ground.Build(Address, "-t", "context", "--network", "none", "--ssh", lent);
        _ground.Build(adding, "-t", "added", "--network", "none", "--ssh", lent);
        _ground.Build(_ground.Context("FROM busybox\nCOPY --from=src f /f\n"), "-t", "named", "--network", "none", "--build-context", "src=" + Address, "--ssh", lent);

        Assert.Equal("over ssh", _ground.Shell("context", "cat /f"));
        Assert.Equal("over ssh", _ground.Shell("added", "cat /r/f"));
        Assert.Equal("over ssh", _ground.Shell("named", "cat /f"));
        Assert.Empty(BuildGround.FilesWith(_ground.Tare.Root, File.ReadAllLines(key)[3]));
    }

    [Fact]
    public void Only_what_the_command_line_names_is_fetched_with_the_users_own_agent()
    {
        using var agent = new SshAgent(Path.Combine(_ground.Tare.Folder, "agent"), _server.Key("key", mayEnter: true));
        _ground.Tare.Variables["SSH_AUTH_SOCK"] = agent.Socket;

        _ground.Build(Address, "-t", "context", "--network", "none");
        Outcome adding = _ground.Tare.Run("build", "--no-cache", _ground.Context($"FROM scratch\nADD {Address}#main /r\n"));

        Assert.Equal("over ssh", _ground.Shell("context", "cat /f"));
        Assert.Equal(1, adding.ExitCode);
        Assert.Contains("Permission denied", adding.Error, StringComparison.Ordinal);
        Assert.Contains("hint: lend an agent that has the key", adding.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_is_not_known_gets_nothing()
    {
        string key = _server.Key("key", mayEnter: true);
        string adding = _ground.Context($"FROM scratch\nADD {Address}#main /r\n");

        File.WriteAllText(_known, "");
        AssertRefused(_ground.Tare.Run("build", "--ssh", "default=" + key, Address));
        AssertRefused(_ground.Tare.Run("build", "--ssh", "default=" + key, adding));
        File.WriteAllText(_known, $"[127.0.0.1]:{_server.Port} {File.ReadAllText(_server.Key("impostor") + ".pub")}");
        AssertRefused(_ground.Tare.Run("build", "--ssh", "default=" + key, Address));
        File.Delete(_known);
        AssertRefused(_ground.Tare.Run("build", "--ssh", "default=" + key, Address));

        Assert.False(File.Exists(_known));
    }

    [Fact]
    public void The_users_known_hosts_are_read_and_never_written()
    {
        string key = _server.Key("key", mayEnter: true);
        string home = Path.Combine(_ground.Tare.Folder, "a 'home");
        Directory.CreateDirectory(home + "/.ssh");
        File.WriteAllText(home + "/.ssh/known_hosts", _server.KnownHost);
        _ground.Tare.Variables["SSH_KNOWN_HOSTS"] = "";
        _ground.Tare.Variables["HOME"] = home;

        _ground.Build(Address, "--network", "none", "--ssh", "default=" + key);

        Assert.Equal(_server.KnownHost, File.ReadAllText(home + "/.ssh/known_hosts"));
        Assert.Equal([home + "/.ssh/known_hosts"], Directory.GetFiles(home, "*", SearchOption.AllDirectories));
    }

    private static void AssertRefused(Outcome outcome)
    {
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Host key verification failed", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("hint: compare the host's key", outcome.Error, StringComparison.Ordinal);
    }
}
