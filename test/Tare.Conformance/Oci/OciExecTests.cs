// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance.Oci;

/// <summary>More processes in a container that runs, and terminals.</summary>
[Trait("ring", "kernel")]
public sealed class OciExecTests : IDisposable
{
    private readonly OciGround _ground = new();
    private readonly string _id;

    public OciExecTests()
    {
        _id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _id);
    }

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(0, "true")]
    [InlineData(5, "exit 5")]
    [InlineData(137, "kill -9 $$")]
    public void Its_exit_code_is_the_commands(int code, string script) =>
        Assert.Equal(code, _ground.Run("exec", _id, "sh", "-c", script).ExitCode);

    [Fact]
    public void It_is_in_the_containers_namespaces_and_cgroups()
    {
        string[] names = ["mnt", "pid", "net", "uts", "ipc", "cgroup"];
        string Of(string process) => _ground.Succeed("exec", _id, "sh", "-c", $"for n in {string.Join(' ', names)}; do readlink /proc/{process}/ns/$n; done");

        Assert.Equal(Of("1"), Of("self"));
        string[] processes = _ground.Succeed("exec", _id, "sh", "-c", "cat /proc/1/cgroup; echo; cat /proc/self/cgroup").Split("\n\n");
        Assert.Equal(processes[0].Trim(), processes[1].Trim());
    }

    [Fact]
    public void User_directory_and_environment_can_be_said()
    {
        string text = _ground.Succeed(
            "exec", "--user", "1000:1000", "--cwd", "/tmp", "--env", "A=b c", "--additional-gids", "7", _id,
            "sh", "-c", "id -u; id -G; pwd; echo $A");

        Assert.Equal("1000\n1000 7\n/tmp\nb c\n", text);
    }

    [Fact]
    public void A_whole_process_can_be_given()
    {
        File.WriteAllText($"{_ground.Folder}/process.json", """{"cwd": "/", "args": ["sh", "-c", "echo $X; exit 4"], "env": ["PATH=/bin", "X=y"]}""");

        Outcome outcome = _ground.Run("exec", "--process", $"{_ground.Folder}/process.json", _id);

        Assert.Equal((4, "y\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void In_the_background_its_number_is_told()
    {
        _ground.Leave("exec", "--detach", "--pid-file", $"{_ground.Folder}/exec-pid", _id, "sleep", "500");

        string pid = File.ReadAllText($"{_ground.Folder}/exec-pid");
        Assert.Contains(pid, _ground.Succeed("ps", "--format", "json", _id), StringComparison.Ordinal);
        Assert.Contains("sleep 500", _ground.Succeed("ps", _id), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_executed_is_told()
    {
        Outcome missing = _ground.Run("exec", _id, "no-such-program");

        Assert.Equal(255, missing.ExitCode);
        Assert.Contains("exec: \"no-such-program\": executable file not found in $PATH", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_terminal_the_process_has_one()
    {
        Outcome outcome = _ground.RunOnTerminal("exec", "--tty", _id, "sh", "-c", "tty; stty size; exit 3");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("/dev/pts/0", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("20 70", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_of_its_own_on_a_terminal()
    {
        _ground.Configure("tty; stty size; exit 6", config => config["process"]!["terminal"] = true);

        Outcome outcome = _ground.RunOnTerminal("run", "--bundle", _ground.Bundle, _ground.NewId());

        Assert.Equal(6, outcome.ExitCode);
        Assert.Contains("/dev/pts/0", outcome.Text, StringComparison.Ordinal);
    }
}
