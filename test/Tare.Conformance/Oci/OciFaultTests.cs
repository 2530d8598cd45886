// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>A runtime that is killed or refused in one of its system calls leaves what <c>delete --force</c> takes away.</summary>
[Trait("ring", "kernel")]
public sealed class OciFaultTests : IDisposable
{
    /// <summary>Calls between which the state on disk or in the kernel changes.</summary>
    private static readonly string[] Decisive =
    [
        "mkdirat", "mkdir", "openat2", "clone3", "execve", "write", "renameat", "renameat2", "unlinkat", "rmdir", "flock", "mknodat",
        "move_mount", "read", "close_range", "exit_group", "waitid", "poll", "ftruncate", "open_tree", "setns", "seccomp",
        "clone", "unshare", "chroot", "pidfd_getfd", "sendmsg",
    ];

    private readonly OciGround _ground = new();

    public OciFaultTests() => _ground.Configure("sleep 1000");

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    public void After_a_kill_at_the_first_or_last_call_of_a_kind_force_takes_all_away(string verb) => KillAll(verb, IsDecisive, Ends);

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    public void As_well_with_hooks_in_the_container(string verb)
    {
        _ground.Configure("sleep 1000", config => config["hooks"] = JsonNode.Parse(
            """{"createContainer": [{"path": "/bin/true"}], "startContainer": [{"path": "/bin/true"}]}"""));
        KillAll(verb, IsDecisive, Ends);
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
        KillAll(verb, IsDecisive, Ends);
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
        KillAll(verb, IsDecisive, Ends);
        Assert.Equal("running", _ground.Status(other));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    [Trait("ring", "prove")]
    public void After_a_kill_at_any_call_force_takes_all_away(string verb) => KillAll(verb, _ => true, Every);

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    public void After_the_last_call_of_a_kind_failed_it_is_told_and_nothing_is_left(string verb) =>
        RefuseAll(verb, CallKinds.IsStoring, count => [count], "ENOSPC");

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    [Trait("ring", "prove")]
    public void After_any_failed_call_it_is_told_and_nothing_is_left(string verb) =>
        RefuseAll(verb, CallKinds.IsStoring, Every, "EIO", "ENOSPC");

    [Theory]
    [InlineData("create")]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    [InlineData("delete")]
    [Trait("ring", "prove")]
    public void After_any_call_beside_a_disk_failed_it_is_told_and_nothing_is_left(string verb) =>
        RefuseAll(verb, CallKinds.IsOther, Every, "EIO");

    private static bool IsDecisive(string call) => Decisive.Contains(call);

    private static int[] Ends(int count) => count == 1 ? [1] : [1, count];

    private static int[] Every(int count) => [.. Enumerable.Range(1, count)];

    private void KillAll(string verb, Predicate<string> choose, Func<int, int[]> places)
    {
        var sweep = new OciFaultSweep(_ground, verb);
        foreach ((string call, int count) in sweep.Count().Where(counted => choose(counted.Key)))
        {
            foreach (int when in places(count))
            {
                sweep.Kill(call, when);
            }
        }

        Assert.True(sweep.Wrong.Count == 0, string.Join('\n', sweep.Wrong));
        Assert.True(sweep.Failures > 4, $"{verb}: only {sweep.Failures} were killed");
    }

    private void RefuseAll(string verb, Predicate<string> choose, Func<int, int[]> places, params string[] errnos)
    {
        var sweep = new OciFaultSweep(_ground, verb);
        foreach ((string call, int count) in sweep.Count().Where(counted => choose(counted.Key)))
        {
            foreach (int when in places(count))
            {
                foreach (string errno in errnos)
                {
                    sweep.Refuse(call, when, errno);
                }
            }
        }

        Assert.True(sweep.Wrong.Count == 0, string.Join('\n', sweep.Wrong));
        Assert.True(sweep.Failures > 0, $"{verb}: nothing failed");
    }
}
