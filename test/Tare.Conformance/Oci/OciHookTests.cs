// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>Hooks that run in the container's namespaces: createContainer from the host's files, startContainer from its own.</summary>
[Trait("ring", "kernel")]
public sealed class OciHookTests : IDisposable
{
    private const string Map = """[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""";
    private const string Spaces = "pid mnt net ipc uts";

    private readonly OciGround _ground = new();
    private readonly string _id;

    public OciHookTests() => _id = _ground.NewId();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void A_createContainer_hook_is_the_hosts_program_in_the_containers_namespaces()
    {
        string log = $"{_ground.Folder}/log";
        Configure("sleep 1000", ("createContainer", Shell($"(cat; echo; readlink -f .; env | grep GIVEN; for n in {Spaces}; do readlink /proc/self/ns/$n; done; ls {_ground.Bundle}/rootfs/proc/self/stat) > {log}", "GIVEN=a b")));

        _ground.Leave("create", "--bundle", _ground.Bundle, _id);

        string[] lines = File.ReadAllLines(log);
        JsonNode state = JsonNode.Parse(lines[0])!;
        Assert.Equal((_id, "creating", 1), ((string)state["id"]!, (string)state["status"]!, (int)state["pid"]!));
        Assert.Equal([$"{_ground.Bundle}/rootfs", "GIVEN=a b", .. SpacesOf((int)_ground.State(_id)["pid"]!), $"{_ground.Bundle}/rootfs/proc/self/stat"], lines[1..]);
    }

    [Fact]
    public void What_a_createContainer_hook_mounts_in_the_root_is_the_containers_alone()
    {
        string root = $"{_ground.Bundle}/rootfs";
        Configure("cat /mnt/mark; ls /tmp/under", ("createContainer", Shell($"mkdir -p {root}/mnt {root}/tmp/under && mount -t tmpfs tmpfs {root}/mnt && echo seen > {root}/mnt/mark")));

        string output = _ground.Succeed("run", "--bundle", _ground.Bundle, _id);

        Assert.Equal("seen\n", output);
        Assert.DoesNotContain($"{root}/mnt", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_createContainer_hook_has_no_rights_over_the_host_where_the_container_has_none()
    {
        // a mapped root goes to the bundle as everybody does
        File.SetUnixFileMode(_ground.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        string log = $"{_ground.Bundle}/rootfs/log";
        Configure("sleep 1000", ("createContainer", Shell($"(id -u; cat /proc/self/uid_map; hostname hooked; ls {_ground.Bundle}/rootfs/proc/self/stat; cat /etc/shadow || echo refused) > {log}")));
        Change(config =>
        {
            // one that is set is set after the hooks by the one runtime, before them by the other
            config.AsObject().Remove("hostname");
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
            config["linux"]!["uidMappings"] = JsonNode.Parse(Map);
            config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
        });
        System.Diagnostics.Process.Start("chown", ["-R", "1879048192:1879048192", $"{_ground.Bundle}/rootfs"]).WaitForExit();

        _ground.Leave("create", "--bundle", _ground.Bundle, _id);

        string[] lines = File.ReadAllLines(log);
        Assert.Equal("0", lines[0]);
        Assert.Contains("1879048192", lines[1], StringComparison.Ordinal);
        Assert.Equal([$"{_ground.Bundle}/rootfs/proc/self/stat", "refused"], lines[2..]);
        _ground.Succeed("start", _id);
        Assert.Equal("hooked", _ground.Succeed("exec", _id, "hostname").Trim());
    }

    [Fact]
    public void A_startContainer_hook_is_the_containers_program_with_the_processs_rights()
    {
        WriteScript("hook", $"(cat | tr -d ' \\n'; echo; pwd; env | grep -v -e PWD -e SHLVL -e PATH; for n in {Spaces}; do readlink /proc/self/ns/$n; done; id -u; id -g; grep -E 'Cap|NoNew|Seccomp:' /proc/self/status; ulimit -n) > /tmp/part; mv /tmp/part /tmp/log");
        Configure($"(id -u; id -g; grep -E 'Cap|NoNew|Seccomp:' /proc/self/status; ulimit -n) > /tmp/own; sleep 1000", ("startContainer", """{"path": "/hook", "args": ["first", "second"], "env": ["GIVEN=a b"]}"""));
        Change(config =>
        {
            config["process"]!["user"] = JsonNode.Parse("""{"uid": 1234, "gid": 2345}""");
            config["process"]!["cwd"] = "/tmp";
            config["linux"]!["seccomp"] = JsonNode.Parse("""{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mknod"], "action": "SCMP_ACT_ERRNO"}]}""");
        });
        Directory.CreateDirectory($"{_ground.Bundle}/rootfs/tmp");
        File.SetUnixFileMode($"{_ground.Bundle}/rootfs/tmp", (UnixFileMode)0x1ff);
        _ground.Leave("create", "--bundle", _ground.Bundle, _id);
        Assert.False(File.Exists($"{_ground.Bundle}/rootfs/tmp/log"), "the hook ran before start");
        string[] spaces = [.. SpacesOf((int)_ground.State(_id)["pid"]!)];

        _ground.Succeed("start", _id);

        // runc's own start does not wait for it
        Subject.Await(() => File.Exists($"{_ground.Bundle}/rootfs/tmp/log"));
        string[] lines = File.ReadAllLines($"{_ground.Bundle}/rootfs/tmp/log");
        JsonNode state = JsonNode.Parse(lines[0])!;
        Assert.Equal((_id, "created", 1), ((string)state["id"]!, (string)state["status"]!, (int)state["pid"]!));
        Assert.Equal(["/tmp", "GIVEN=a b", .. spaces], lines[1..8]);
        Subject.Await(() => File.Exists($"{_ground.Bundle}/rootfs/tmp/own") && File.ReadAllLines($"{_ground.Bundle}/rootfs/tmp/own").Length == lines.Length - 8);
        Assert.Equal(File.ReadAllLines($"{_ground.Bundle}/rootfs/tmp/own"), lines[8..]);
        Assert.Equal(["1234", "2345"], lines[8..10]);
    }

    [Fact]
    public void Run_runs_them_too_and_in_order()
    {
        WriteScript("hook", "echo start >> /log");
        Configure(
            "echo main >> /log; cat /log",
            ("startContainer", """{"path": "/hook"}"""),
            ("createContainer", Shell($"echo create >> {_ground.Bundle}/rootfs/log")),
            ("createRuntime", Shell($"echo runtime >> {_ground.Bundle}/rootfs/log")));

        Assert.Equal("runtime\ncreate\nstart\nmain\n", _ground.Succeed("run", "--bundle", _ground.Bundle, _id));
    }

    [Fact]
    public void A_createContainer_hook_that_fails_leaves_no_container()
    {
        Configure("sleep 1000", ("createContainer", Shell("echo reason >&2; exit 3")));
        Outcome failed = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);
        Configure("sleep 1000", ("createContainer", """{"path": "/bin/sleep", "args": ["sleep", "1000"], "timeout": 1}"""));
        Outcome late = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);
        Configure("sleep 1000", ("createContainer", """{"path": "/no/such/hook"}"""));
        Outcome missing = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);

        Refused(failed, "createContainer", "exit status 3", "reason");
        Refused(late, "createContainer", OnReference ? "timeout" : "did not end within 1 s");
        Refused(missing, "createContainer", "/no/such/hook", "no such file");
        Assert.Empty(Containers());
    }

    [Fact]
    public void A_startContainer_hook_that_fails_ends_the_container()
    {
        foreach (string way in new[] { "exit 3", "exec sleep 1000" })
        {
            WriteScript("hook", $"echo reason >&2; {way}");
            Configure("sleep 1000", ("startContainer", """{"path": "/hook", "timeout": 1}"""));
            _ground.Leave("create", "--bundle", _ground.Bundle, _id);

            Outcome failed = _ground.RunToFiles("start", _id);

            // runc's own start does not hear of it: its process 1 runs the hook, and says so on the container's streams
            if (!OnReference)
            {
                Refused(failed, "startContainer", way == "exit 3" ? "/hook: exit status 3: reason" : "did not end within 1 s");
            }

            _ground.WaitFor(_id, "stopped");
            _ground.Succeed("delete", _id);
        }

        Outcome run = _ground.RunToFiles("run", "--bundle", _ground.Bundle, _id);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(Containers());
    }

    [Fact]
    public void A_createContainer_hook_beside_a_joined_mount_namespace_is_refused_before_anything_is_made()
    {
        Assert.SkipWhen(OnReference, "runc runs it in the joined container's root");
        Configure("sleep 1000", ("createContainer", Shell("true")));
        Change(config => config["linux"]!["namespaces"]!.AsArray().Single(space => (string)space!["type"]! == "mount")!["path"] = "/proc/self/ns/mnt");

        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);

        Refused(outcome, "hooks.createContainer: in a mount namespace that is joined");
        Assert.Empty(Containers());
    }

    private static bool OnReference => Environment.GetEnvironmentVariable("TARE_OCI") is not null;

    private static string Shell(string script, string variable = "A=b") => new JsonObject
    {
        ["path"] = "/bin/sh",
        ["args"] = new JsonArray("sh", "-c", script),
        ["env"] = new JsonArray(variable, "PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
    }.ToJsonString();

    private static IEnumerable<string> SpacesOf(int pid) =>
        Spaces.Split(' ').Select(space => new FileInfo($"/proc/{pid}/ns/{space}").LinkTarget!);

    private static void Refused(Outcome outcome, params string[] words)
    {
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.All(words, word => Assert.Contains(word, outcome.Error, StringComparison.Ordinal));
    }

    private string[] Containers() => Directory.Exists(_ground.Root) ? Directory.GetDirectories(_ground.Root) : [];

    private void Configure(string script, params (string Kind, string Hook)[] hooks) => _ground.Configure(
        script,
        config => config["hooks"] = new JsonObject(hooks.Select(each => KeyValuePair.Create(each.Kind, (JsonNode?)new JsonArray(JsonNode.Parse(each.Hook))))));

    private void Change(Action<JsonNode> change)
    {
        JsonNode config = JsonNode.Parse(File.ReadAllText($"{_ground.Bundle}/config.json"))!;
        change(config);
        File.WriteAllText($"{_ground.Bundle}/config.json", config.ToJsonString());
    }

    private void WriteScript(string name, string script)
    {
        string path = $"{_ground.Bundle}/rootfs/{name}";
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }
}
