// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>From create to delete, as podman, containerd and dockerd call it.</summary>
[Trait("ring", "kernel")]
public sealed class OciLifeTests : IDisposable
{
    private readonly OciGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void A_container_is_created_started_and_deleted()
    {
        string id = _ground.NewId();
        string mark = $"{_ground.Bundle}/rootfs/ran";
        _ground.Configure("echo yes > /ran; sleep 1000");

        _ground.Leave("create", "--bundle", _ground.Bundle, "--pid-file", $"{_ground.Folder}/pid", id);
        JsonNode created = _ground.State(id);
        Assert.Equal("created", (string)created["status"]!);
        Assert.Equal(File.ReadAllText($"{_ground.Folder}/pid"), created["pid"]!.ToString());
        Assert.Equal((_ground.Bundle, $"{_ground.Bundle}/rootfs"), ((string)created["bundle"]!, (string)created["rootfs"]!));
        Thread.Sleep(50);
        Assert.False(File.Exists(mark), "the program ran before start");

        _ground.Succeed("start", id);
        Assert.Equal("running", _ground.Status(id));
        Outcome refused = _ground.Run("delete", id);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"cannot delete container {id} that is not stopped: running", refused.Error, StringComparison.Ordinal);

        Subject.Await(() => File.Exists(mark));
        _ground.Succeed("kill", id, "KILL");
        _ground.WaitFor(id, "stopped");
        _ground.Succeed("delete", id);
        Outcome gone = _ground.Run("state", id);
        Assert.NotEqual(0, gone.ExitCode);
        Assert.Contains("does not exist", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "exit 0")]
    [InlineData(7, "exit 7")]
    [InlineData(137, "kill -9 $$")]
    public void Run_ends_as_the_process_does_and_leaves_nothing(int code, string script)
    {
        string id = _ground.NewId();
        _ground.Configure($"echo out; echo err >&2; {script}");

        Outcome outcome = _ground.Run("run", "--bundle", _ground.Bundle, id);

        // process 1 of a pid namespace does not die of its own signals
        int expected = script.StartsWith("kill", StringComparison.Ordinal) ? 0 : code;
        Assert.Equal((expected, "out\n", "err\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
        Assert.Empty(Directory.GetDirectories(_ground.Root));
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", id, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }));
    }

    [Fact]
    public void An_id_is_taken_once()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("create", "--bundle", _ground.Bundle, id);

        Outcome second = _ground.RunToFiles("create", "--bundle", _ground.Bundle, id);

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("already exists", second.Error, StringComparison.Ordinal);
        Assert.Equal("created", _ground.Status(id));
    }

    [Fact]
    public void Of_many_that_create_one_id_at_once_one_wins()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");

        Outcome[] outcomes = [.. Enumerable.Range(0, 6).AsParallel().WithDegreeOfParallelism(6)
            .Select(_ => _ground.RunToFiles("create", "--bundle", _ground.Bundle, id))];

        Assert.Single(outcomes, outcome => outcome.ExitCode == 0);
        Assert.All(outcomes.Where(outcome => outcome.ExitCode != 0), outcome => Assert.Contains("already exists", outcome.Error, StringComparison.Ordinal));
        Assert.Equal("created", _ground.Status(id));
    }

    [Fact]
    public void Of_many_that_start_it_at_once_one_wins()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("create", "--bundle", _ground.Bundle, id);

        Outcome[] outcomes = [.. Enumerable.Range(0, 6).AsParallel().WithDegreeOfParallelism(6).Select(_ => _ground.Run("start", id))];

        Assert.Single(outcomes, outcome => outcome.ExitCode == 0);
        Assert.Equal("running", _ground.Status(id));
    }

    [Fact]
    public void A_created_container_can_be_deleted_and_a_stopped_one_cannot_be_started()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("create", "--bundle", _ground.Bundle, id);
        _ground.Succeed("kill", id, "KILL");
        _ground.WaitFor(id, "stopped");

        Outcome late = _ground.Run("start", id);
        Assert.Contains("cannot start a container that has stopped", late.Error, StringComparison.Ordinal);
        _ground.Succeed("delete", id);

        _ground.Leave("create", "--bundle", _ground.Bundle, id);
        _ground.Succeed("delete", id);
        Assert.Equal(0, _ground.Run("delete", "--force", id).ExitCode);
    }

    [Fact]
    public void A_created_process_holds_nothing_but_its_streams_and_the_gate()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("create", "--bundle", _ground.Bundle, id);

        string[] links = [.. Directory.GetFiles($"/proc/{_ground.State(id)["pid"]}/fd").OrderBy(path => path)
            .Select(path => new FileInfo(path).LinkTarget!)];

        Assert.Equal(4, links.Length);
        Assert.EndsWith($"/{id}/exec.fifo", links[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Pause_stops_and_resume_goes_on()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, id);

        _ground.Succeed("pause", id);
        Assert.Equal("paused", _ground.Status(id));
        Assert.Contains("paused", _ground.Run("exec", id, "true").Error, StringComparison.Ordinal);
        _ground.Succeed("resume", id);
        Assert.Equal(0, _ground.Run("exec", id, "true").ExitCode);
        Assert.Contains(id, _ground.Succeed("list"), StringComparison.Ordinal);
        Assert.Equal(id, (string)JsonNode.Parse(_ground.Succeed("list", "--format", "json"))![0]!["id"]!);
        _ground.Succeed("delete", "--force", id);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told_at_create()
    {
        string id = _ground.NewId();
        _ground.Configure("", config => config["process"]!["args"] = new JsonArray("no-such-program"));

        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, id);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("exec: \"no-such-program\": executable file not found in $PATH", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_ground.Root));
    }

    [Fact]
    public void A_program_that_cannot_be_executed_is_told_at_start()
    {
        string id = _ground.NewId();
        _ground.Configure("", config => config["process"]!["args"] = new JsonArray("/bin/lost"));
        _ground.Leave("create", "--bundle", _ground.Bundle, id);

        Outcome outcome = _ground.Run("start", id);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("exec: \"/bin/lost\"", outcome.Error, StringComparison.Ordinal);
        _ground.WaitFor(id, "stopped");
    }

    [Fact]
    public void Limits_are_set_and_can_be_changed()
    {
        string id = _ground.NewId();
        _ground.Configure("sleep 1000", config => config["linux"]!["resources"]!["memory"] = JsonNode.Parse("""{"limit": 67108864}"""));
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, id);
        string file = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "memory.max" : "memory.limit_in_bytes";
        string Limit() => File.ReadAllText(Directory.GetFiles("/sys/fs/cgroup", file, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Single(path => path.Contains($"/{id}/", StringComparison.Ordinal))).Trim();
        Assert.Equal("67108864", Limit());

        _ground.Succeed("update", "--memory", "96m", id);

        Assert.Equal("100663296", Limit());
        Assert.Contains("\"stats\"", _ground.Succeed("events", "--stats", id), StringComparison.Ordinal);
        _ground.Succeed("delete", "--force", id);
    }

    [Fact]
    public void Hooks_run_in_order_with_the_state_on_their_input()
    {
        string id = _ground.NewId();
        string log = $"{_ground.Folder}/hooks";
        JsonArray Hook(string name) => new(JsonNode.Parse($$"""{"path": "/bin/sh", "args": ["sh", "-c", "echo {{name}} $(tr -d ' \n' | grep -o '\"status\":\"[a-z]*\"') >> {{log}}"]}"""));
        _ground.Configure($"true", config => config["hooks"] = new JsonObject
        {
            ["prestart"] = Hook("prestart"),
            ["createRuntime"] = Hook("createRuntime"),
            ["poststart"] = Hook("poststart"),
            ["poststop"] = Hook("poststop"),
        });

        Assert.Equal(0, _ground.Run("run", "--bundle", _ground.Bundle, id).ExitCode);

        string[] lines = File.ReadAllLines(log);
        Assert.Equal(["prestart", "createRuntime", "poststart", "poststop"], lines.Select(line => line.Split(' ')[0]));
        Assert.Equal("\"status\":\"creating\"", lines[0].Split(' ')[1]);
        Assert.Equal("\"status\":\"stopped\"", lines[3].Split(' ')[1]);
    }

    [Fact]
    public void What_is_left_of_a_creation_is_removed_without_a_neighbour_in_its_cgroup()
    {
        string neighbour = _ground.NewId();
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, neighbour);
        JsonNode left = JsonNode.Parse(File.ReadAllText($"{_ground.Root}/{neighbour}/state.json"))!;
        left["id"] = id;
        left.AsObject().Remove("pid");
        left.AsObject().Remove("madeCgroups");
        Directory.CreateDirectory($"{_ground.Root}/{id}");
        File.WriteAllText($"{_ground.Root}/{id}/state.json", left.ToJsonString());

        _ground.Succeed("delete", "--force", id);

        Assert.False(Directory.Exists($"{_ground.Root}/{id}"));
        Assert.Equal("running", _ground.Status(neighbour));
    }

    [Fact]
    public void Hooks_run_also_where_the_root_is_another_containers()
    {
        string first = _ground.NewId();
        string id = _ground.NewId();
        _ground.Configure("sleep 1000");
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, first);
        string pid = _ground.State(first)["pid"]!.ToString();
        _ground.Configure("sleep 1000", config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Single(space => (string)space!["type"]! == "mount")!["path"] = $"/proc/{pid}/ns/mnt";
            config["hooks"] = JsonNode.Parse($$"""{"createRuntime": [{"path": "/usr/bin/touch", "args": ["touch", "{{_ground.Folder}}/hooked"]}]}""");
        });

        _ground.Leave("create", "--bundle", _ground.Bundle, id);

        Assert.True(File.Exists($"{_ground.Folder}/hooked"));
        Assert.Equal("created", _ground.Status(id));
    }

    [Fact]
    public void A_hook_that_fails_or_takes_too_long_takes_the_container_down()
    {
        string id = _ground.NewId();
        void With(string hook) => _ground.Configure("sleep 1000", config => config["hooks"] = JsonNode.Parse($$"""{"createRuntime": [{{hook}}]}"""));

        With("""{"path": "/bin/sh", "args": ["sh", "-c", "echo reason; exit 3"]}""");
        Outcome failed = _ground.RunToFiles("create", "--bundle", _ground.Bundle, id);
        Assert.Contains("hooks.createRuntime[0] /bin/sh: exit status 3: reason", failed.Error, StringComparison.Ordinal);
        With("""{"path": "/bin/sleep", "args": ["sleep", "1000"], "timeout": 1}""");
        Outcome late = _ground.RunToFiles("create", "--bundle", _ground.Bundle, id);
        Assert.Contains("did not end within 1 s", late.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_ground.Root));
    }
}
