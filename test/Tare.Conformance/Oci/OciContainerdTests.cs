// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>containerd's shim for runc drives the program, which stands there under the name of runc.</summary>
[Trait("ring", "kernel")]
public sealed class OciContainerdTests : IClassFixture<ContainerdGround>
{
    private readonly ContainerdGround _ground;

    public OciContainerdTests(ContainerdGround ground)
    {
        _ground = ground;
        _ground.Begin();
    }

    [Fact]
    public void A_container_runs_to_its_end_and_leaves_nothing()
    {
        Outcome outcome = _ground.Ctr([.. _ground.Words("--rm", "--memory-limit", "67108864", "--seccomp"), "end", "sh", "-c", "echo out; grep Seccomp: /proc/self/status; exit 3"]);

        Assert.Equal((3, "out\nSeccomp:\t2\n"), (outcome.ExitCode, outcome.Text));
        Assert.Null(_ground.Status("end"));
        Assert.DoesNotContain(_ground.CgroupFolders(), folder => Directory.Exists($"{folder}/end"));
    }

    [Fact]
    public void What_is_missing_is_told_by_its_name()
    {
        Outcome outcome = _ground.Ctr([.. _ground.Words("--rm"), "missing", "no-such-program"]);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("exec: \"no-such-program\": executable file not found in $PATH", outcome.Error, StringComparison.Ordinal);
        Assert.Null(_ground.Status("missing"));
    }

    [Fact]
    public void A_task_is_looked_into_paused_measured_killed_and_deleted()
    {
        _ground.Succeed([.. _ground.Words("--detach", "--memory-limit", "67108864"), "task", "sleep", "1000"]);
        Assert.Equal("RUNNING", _ground.Status("task"));

        Outcome outcome = _ground.Ctr("task", "exec", "--exec-id", "one", "task", "sh", "-c", "echo in; exit 4");
        Assert.Equal((4, "in\n"), (outcome.ExitCode, outcome.Text));

        _ground.Succeed("task", "exec", "--detach", "--exec-id", "two", "task", "sleep", "500");
        Assert.Contains("two", _ground.Succeed("task", "ps", "task"), StringComparison.Ordinal);
        _ground.Succeed("task", "kill", "--exec-id", "two", "--signal", "KILL", "task");
        EngineGround.Await(() => !_ground.Succeed("task", "ps", "task").Contains("two", StringComparison.Ordinal));

        _ground.Succeed("task", "pause", "task");
        Assert.Equal("PAUSED", _ground.Status("task"));
        _ground.Succeed("task", "resume", "task");
        JsonNode memory = JsonNode.Parse(_ground.Succeed("task", "metrics", "--format", "json", "task"))!["memory"]!;
        Assert.Equal(67108864, (long)(memory["usage"] is JsonObject v1 ? v1["limit"] : memory["usage_limit"])!);

        // one that ignores the signal, as sleep does as the first process
        _ground.Succeed("task", "kill", "--signal", "TERM", "task");
        Assert.Equal("RUNNING", _ground.Status("task"));
        _ground.Succeed("task", "kill", "--signal", "KILL", "task");
        EngineGround.Await(() => _ground.Status("task") == "STOPPED");
        _ground.Ctr("task", "delete", "task");
        Assert.Null(_ground.Status("task"));
        Assert.DoesNotContain(_ground.CgroupFolders(), folder => Directory.Exists($"{folder}/task"));
        _ground.Succeed("container", "delete", "task");
    }

    [Fact]
    public void Terminals_reach_the_container_and_what_is_executed_in_it()
    {
        _ground.Succeed([.. _ground.Words("--detach"), "terminal", "sleep", "1000"]);
        string ctr = $"ctr --address {_ground.Folder}/socket --namespace {_ground.CgroupParent}";

        Outcome run = _ground.Run("script", "-qec", $"{ctr} {string.Join(' ', _ground.Words("--rm", "--tty"))} tty sh -c 'tty; exit 5'", "/dev/null");
        Outcome exec = _ground.Run("script", "-qec", $"{ctr} task exec --tty --exec-id tty terminal sh -c 'tty; exit 6'", "/dev/null");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("/dev/pts/0", run.Text, StringComparison.Ordinal);
        Assert.Equal(6, exec.ExitCode);
        Assert.Contains("/dev/pts/0", exec.Text, StringComparison.Ordinal);
        _ground.Succeed("task", "kill", "--signal", "KILL", "terminal");
    }

    [Fact]
    public void A_checkpoint_is_refused_by_its_name_and_the_task_goes_on()
    {
        _ground.Succeed([.. _ground.Words("--detach"), "point", "sleep", "1000"]);

        Outcome outcome = _ground.Ctr("task", "checkpoint", "--image-path", $"{_ground.Folder}/checkpoint", "point");

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("checkpoint: there is no CRIU here", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("RUNNING", _ground.Status("point"));
        _ground.Succeed("task", "kill", "--signal", "KILL", "point");
    }

    [Fact]
    public void A_container_whose_shim_was_killed_is_cleaned_up()
    {
        _ground.Succeed([.. _ground.Words("--detach"), "orphan", "sleep", "1000"]);

        // the bracket keeps it from killing the shell that it is in
        Outcome outcome = _ground.Run("sh", "-c", "kill -9 $(grep -laE 'shim-runc-v[2].*-id.orphan' /proc/[0-9]*/cmdline | cut -d/ -f3)");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        EngineGround.Await(() => _ground.Status("orphan") is null);
        EngineGround.Await(() => !_ground.CgroupFolders().Any(folder => Directory.Exists($"{folder}/orphan")));
        _ground.Succeed("container", "delete", "orphan");
    }
}
