// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tare.Conformance.Oci;

/// <summary>A runtime that is killed in one of its system calls leaves what <c>delete --force</c> takes away.</summary>
[Trait("ring", "kernel")]
public sealed partial class OciFaultTests : IDisposable
{
    /// <summary>Calls between which the state on disk or in the kernel changes.</summary>
    private static readonly string[] Decisive =
    [
        "mkdirat", "mkdir", "openat2", "clone3", "execve", "write", "renameat", "renameat2", "unlinkat", "rmdir", "flock", "mknodat",
        "move_mount", "read", "close_range", "exit_group", "waitid", "poll", "ftruncate", "open_tree", "setns", "seccomp",
        "clone", "unshare", "chroot", "pidfd_getfd", "sendmsg",
    ];

    private readonly OciGround _ground = new();
    private readonly string _id;

    public OciFaultTests()
    {
        _id = _ground.NewId();
        _ground.Configure("sleep 1000");
    }

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    public void After_a_kill_at_the_first_or_last_call_of_a_kind_force_takes_all_away(string verb) => KillAll(verb, Ends);

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    public void As_well_with_hooks_in_the_container(string verb)
    {
        _ground.Configure("sleep 1000", config => config["hooks"] = JsonNode.Parse(
            """{"createContainer": [{"path": "/bin/true"}], "startContainer": [{"path": "/bin/true"}]}"""));
        KillAll(verb, Ends);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("exec")]
    public void As_well_with_a_listener_for_its_calls(string verb)
    {
        using var listener = new NotifyListener($"{_ground.Folder}/listener");
        _ground.Configure("sleep 1000", config => config["linux"]!["seccomp"] = JsonNode.Parse(
            $$"""{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "{{_ground.Folder}}/listener", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}"""));
        KillAll(verb, Ends);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("exec")]
    public void As_well_with_a_user_namespace_that_is_joined(string verb)
    {
        const string Map = """[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""";
        System.Diagnostics.Process.Start("chown", ["-R", "1879048192:1879048192", $"{_ground.Bundle}/rootfs"]).WaitForExit();
        string other = _ground.NewId();
        _ground.Configure("sleep 1000", config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
            config["linux"]!["uidMappings"] = JsonNode.Parse(Map);
            config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
        });
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, other);
        string path = $"/proc/{_ground.State(other)["pid"]}/ns/user";
        _ground.Configure("sleep 1000", config => config["linux"]!["namespaces"]!.AsArray().Single(space => (string)space!["type"]! == "user")!["path"] = path);
        KillAll(verb, Ends);
        Assert.Equal("running", _ground.Status(other));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    [Trait("ring", "prove")]
    public void After_a_kill_at_any_call_force_takes_all_away(string verb) => KillAll(verb, count => [.. Enumerable.Range(1, count)]);

    private static int[] Ends(int count) => count == 1 ? [1] : [1, count];

    private void KillAll(string verb, Func<int, int[]> places)
    {
        string trace = $"{_ground.Folder}/trace";
        Prepare(verb);
        Strike(verb, trace, $"trace={string.Join(',', Decisive)}");
        Clean($"{verb} unhurt");
        Dictionary<string, int> counts = Counts(trace);
        Assert.True(counts.Count > 4, string.Join(',', counts.Keys));
        foreach ((string call, int count) in counts)
        {
            foreach (int when in places(count))
            {
                Prepare(verb);
                Strike(verb, trace, $"trace={call}", "-e", string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=SIGKILL:when={when}"));
                Clean($"{verb} killed in {call} {when}");
            }
        }
    }

    private void Prepare(string verb)
    {
        if (verb is "start" or "delete")
        {
            _ground.Leave("create", "--bundle", _ground.Bundle, _id);
        }
        else if (verb is "exec")
        {
            _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _id);
        }
    }

    /// <summary>What is traced lives on in the container, so the tracer must not be its parent.</summary>
    private void Strike(string verb, string trace, params string[] how) => _ground.RunUnder(
        ["strace", "-D", "-f", "-qq", "-o", trace, "-e", .. how],
        verb switch
        {
            "create" => ["create", "--bundle", _ground.Bundle, _id],
            "run" => ["run", "--detach", "--bundle", _ground.Bundle, _id],
            "exec" => ["exec", _id, "true"],
            "delete" => ["delete", "--force", _id],
            _ => [verb, _id],
        });

    private void Clean(string what)
    {
        Outcome forced = _ground.RunToFiles("delete", "--force", _id);
        Assert.True(forced.ExitCode == 0, $"{what}: {forced.Error}");
        Assert.False(Directory.Exists($"{_ground.Root}/{_id}"), $"{what}: the folder is left");
        string[] cgroups = [.. Directory.GetDirectories("/sys/fs/cgroup").SelectMany(root => new[] { $"{root}/tare-oci/{_id}" }).Where(Directory.Exists)];
        Assert.True(cgroups.Length == 0, $"{what}: {string.Join(' ', cgroups)} is left");
    }

    private static Dictionary<string, int> Counts(string trace) => File.ReadLines(trace)
        .Select(line => CallLine().Match(line))
        .Where(match => match.Success)
        .GroupBy(match => (Task: match.Groups[1].Value, Name: match.Groups[2].Value))
        .GroupBy(calls => calls.Key.Name, calls => calls.Count())
        .ToDictionary(counts => counts.Key, counts => counts.Max());

    [GeneratedRegex(@"^(\d+)\s+(\w+)\(")]
    private static partial Regex CallLine();
}
