// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Oci;

/// <summary>dockerd drives the program by --add-runtime: first processes of its own, limits that change, restarts, memory.</summary>
[Trait("ring", "kernel")]
public sealed class OciDockerdTests : IClassFixture<DockerdGround>
{
    private const string Image = "busybox";

    private readonly DockerdGround _ground;

    public OciDockerdTests(DockerdGround ground)
    {
        _ground = ground;
        _ground.Begin();
    }

    [Fact]
    public void An_init_of_docker_is_the_first_process()
    {
        Outcome outcome = _ground.Docker("run", "--rm", "--network", "none", "--init", "--read-only", Image, "sh", "-c", "cat /proc/1/comm; exit 5");

        Assert.Equal((5, "docker-init\n"), (outcome.ExitCode, outcome.Text));
    }

    [Theory]
    [InlineData("no-such-program", 127, "executable file not found in $PATH")]
    [InlineData("/etc", 126, "permission denied")]
    public void What_cannot_be_executed_is_told_with_its_code(string program, int code, string words)
    {
        Outcome outcome = _ground.Docker("run", "--rm", "--network", "none", Image, program);

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_change_while_it_runs_and_are_what_stats_says()
    {
        string id = _ground.Succeed("run", "--detach", "--name", "limits", "--network", "none", "--memory", "64m", Image, "sleep", "1000");

        _ground.Succeed("update", "--memory", "96m", "--memory-swap", "96m", "--cpus", "0.5", "--pids-limit", "55", "limits");

        Assert.Equal("100663296", _ground.Limit(id, "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("55", _ground.Limit(id, "pids.max", "pids.max"));
        Assert.Contains("/ 96MiB 1", _ground.Succeed("stats", "--no-stream", "--format", "{{.MemUsage}} {{.PIDs}}", "limits"), StringComparison.Ordinal);
        _ground.Succeed("rm", "--force", "limits");
    }

    [Fact]
    public void A_terminal_reaches_what_is_executed()
    {
        _ground.Succeed("run", "--detach", "--name", "terminal", "--network", "none", Image, "sleep", "1000");

        Outcome outcome = _ground.OnTerminal("exec -it --user 5:6 --workdir /tmp terminal sh -c 'tty; id -u; pwd; exit 6'");

        Assert.Equal(6, outcome.ExitCode);

        // script types a NUL when its own input ends, which the terminal shows wherever it comes
        Assert.Contains("/dev/pts/0\r\n5\r\n/tmp\r\n", outcome.Text.Replace("^@", "", StringComparison.Ordinal), StringComparison.Ordinal);
        _ground.Succeed("rm", "--force", "terminal");
    }

    [Fact]
    public void One_that_fails_is_restarted_as_often_as_was_said()
    {
        _ground.Succeed("run", "--detach", "--name", "failing", "--network", "none", "--restart", "on-failure:2", Image, "sh", "-c", "exit 3");

        EngineGround.Await(() => _ground.Inspect("failing", "{{.State.Status}} {{.RestartCount}}") == "exited 2");

        Assert.Equal("3", _ground.Inspect("failing", "{{.State.ExitCode}}"));
        _ground.Succeed("rm", "failing");
    }

    [Fact]
    public void Who_ran_out_of_memory_is_told_so()
    {
        // a process of it is killed, so that the news of that are there before those of its end
        Outcome outcome = _ground.Docker(
            "run", "--name", "memory", "--network", "none", "--memory", "64m", "--memory-swap", "64m", Image, "sh", "-c", "(tail /dev/zero); echo $?; sleep 2; exit 7");

        Assert.Equal(7, outcome.ExitCode);
        Assert.Contains("137", outcome.Text, StringComparison.Ordinal);
        Assert.Equal("true", _ground.Inspect("memory", "{{.State.OOMKilled}}"));
        _ground.Succeed("rm", "memory");
    }

    [Fact]
    public void It_is_paused_restarted_killed_and_leaves_nothing()
    {
        _ground.Succeed("run", "--detach", "--name", "life", "--network", "none", Image, "sleep", "1000");
        string id = _ground.Inspect("life", "{{.Id}}");

        _ground.Succeed("pause", "life");
        Assert.Equal("paused", _ground.Inspect("life", "{{.State.Status}}"));
        _ground.Succeed("unpause", "life");
        Assert.Equal(4, _ground.Docker("exec", "life", "sh", "-c", "exit 4").ExitCode);
        _ground.Succeed("restart", "--time", "0", "life");
        _ground.Succeed("kill", "life");
        Assert.Equal("137", _ground.Succeed("wait", "life"));
        _ground.Succeed("rm", "life");
        EngineGround.Await(() => !_ground.CgroupFolders().Any(folder => Directory.Exists($"{folder}/{id}")));
    }
}
