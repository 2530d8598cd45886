// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Unified;

/// <summary>Where a container's processes are, who may be beside them, how they stop, and that nothing stays.</summary>
[Trait("ring", "unified")]
public sealed class UnifiedLifeTests : IDisposable
{
    /// <summary>What an init does that manages cgroups: leaves the container's own, and hands controllers down from it.</summary>
    private const string Manage =
        "cd /sys/fs/cgroup && mkdir init.scope work && echo 0 > init.scope/cgroup.procs && echo +pids +memory > cgroup.subtree_control || exit 9; ";

    private readonly UnifiedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("/tare-test/a/b/c", "tare-test/a/b/c")]
    [InlineData("tare-test-x.slice:tare:ID", "tare.slice/tare-test.slice/tare-test-x.slice/tare-ID.scope")]
    public void Its_cgroup_is_where_the_spec_says_with_every_controller(string path, string place)
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.All(
            UnifiedGround.With("""{"memory": {"limit": 67108864}, "hugepageLimits": [{"pageSize": "2MB", "limit": 0}]}"""),
            config => config["linux"]!["cgroupsPath"] = path.Replace("ID", "test", StringComparison.Ordinal)));
        string directory = $"{UnifiedGround.Mount}/{place.Replace("ID", "test", StringComparison.Ordinal)}";

        Assert.Equal(directory, _ground.Cgroup(id));
        Assert.Equal("67108864", File.ReadAllText($"{directory}/memory.max").Trim());
        Assert.Equal("0", File.ReadAllText($"{directory}/hugetlb.2MB.max").Trim());
        string[] usual = ["cpu", "cpuset", "io", "memory", "pids"];
        Assert.Empty(usual.Except(File.ReadAllText($"{directory}/cgroup.controllers").Trim().Split(' ')));

        _ground.Oci.Succeed("delete", "--force", id);
        Assert.False(Directory.Exists($"{UnifiedGround.Mount}/{place.Split('/')[0]}"));
    }

    [Fact]
    public void Below_a_cgroup_with_processes_a_limit_is_refused_by_name()
    {
        string first = _ground.Run("sleep 1000");
        string id = _ground.Oci.NewId();
        _ground.Oci.Configure("true", UnifiedGround.All(
            UnifiedGround.With("""{"memory": {"limit": 67108864}}"""),
            config => config["linux"]!["cgroupsPath"] = $"/tare-oci/{first}/{id}"));

        Outcome outcome = _ground.Oci.RunToFiles("create", "--bundle", _ground.Oci.Bundle, id);

        Assert.Equal(1, outcome.ExitCode);
        Assert.True(
            outcome.Error.Contains($"/tare-oci/{first} does not hand its memory controller down, as it has processes of its own", StringComparison.Ordinal),
            outcome.Error);
        Assert.Empty(Directory.GetDirectories(_ground.Cgroup(first)));
    }

    [Fact]
    public void It_sees_its_own_cgroup_as_the_root_and_cannot_change_it()
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.With("""{"memory": {"limit": 67108864}}"""));

        string[] inside = _ground.Oci.Succeed(
            "exec", id, "sh", "-c",
            "cat /proc/self/cgroup /sys/fs/cgroup/memory.max; cat /sys/fs/cgroup/cgroup.procs | head -n 1; echo max > /sys/fs/cgroup/memory.max || echo refused; mkdir /sys/fs/cgroup/below || echo refused").Trim().Split('\n');

        Assert.Equal(["0::/", "67108864", "1", "refused", "refused"], inside);
        Assert.Equal("67108864", _ground.Read(id, "memory.max"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_cgroup_namespace_it_is_there_too(bool hasUsers)
    {
        string id = _ground.Run("sleep 1000", config =>
        {
            JsonArray spaces = config["linux"]!["namespaces"]!.AsArray();
            spaces.Remove(spaces.Single(space => (string)space!["type"]! == "cgroup"));
            if (hasUsers)
            {
                WithUsers(config);
            }
        });

        Assert.Equal($"0::/tare-oci/{id}\n", _ground.Oci.Succeed("exec", id, "cat", "/proc/self/cgroup"));
        Assert.NotEqual("", _ground.Oci.Succeed("exec", id, "cat", "/sys/fs/cgroup/cgroup.controllers"));
    }

    [Fact]
    public void Exec_goes_where_the_init_is_that_manages_cgroups()
    {
        string id = _ground.Run($"{Manage} echo ready > /ready; sleep 1000", UnifiedGround.Writable);
        Subject.Await(() => File.Exists($"{_ground.Oci.Bundle}/rootfs/ready"), () => _ground.Oci.Status(id));

        Assert.Equal("0::/init.scope\n", _ground.Oci.Succeed("exec", id, "cat", "/proc/self/cgroup"));
        _ground.Oci.Succeed("kill", id, "KILL");
        _ground.Oci.WaitFor(id, "stopped");
        _ground.Oci.Succeed("delete", id);
        Assert.False(Directory.Exists($"{UnifiedGround.Mount}/tare-oci/{id}"));
    }

    [Fact]
    public void Pause_freezes_all_and_a_paused_one_can_be_killed()
    {
        string id = _ground.Run($"{Manage} sleep 1000 & sleep 1000", UnifiedGround.Writable);
        string cgroup = $"{UnifiedGround.Mount}/tare-oci/{id}";

        _ground.Oci.Succeed("pause", id);
        Assert.Contains("frozen 1", File.ReadAllText($"{cgroup}/cgroup.events"), StringComparison.Ordinal);
        Assert.Equal("paused", _ground.Oci.Status(id));
        _ground.Oci.Succeed("resume", id);
        Assert.Contains("frozen 0", File.ReadAllText($"{cgroup}/cgroup.events"), StringComparison.Ordinal);
        Assert.Equal("running", _ground.Oci.Status(id));

        _ground.Oci.Succeed("pause", id);
        _ground.Oci.Succeed("kill", id, "KILL");
        _ground.Oci.WaitFor(id, "stopped");
        _ground.Oci.Succeed("delete", id);
        Assert.False(Directory.Exists(cgroup));
    }

    [Fact]
    public void Kill_all_reaches_what_is_below_and_delete_removes_it()
    {
        string id = _ground.Run($"{Manage} (echo 0 > work/cgroup.procs; exec setsid sleep 1000) & sleep 1000", UnifiedGround.Writable);
        string cgroup = $"{UnifiedGround.Mount}/tare-oci/{id}";
        Subject.Await(() => File.ReadAllLines($"{cgroup}/work/cgroup.procs").Length == 1);
        Assert.Equal(2, JsonNode.Parse(_ground.Oci.Succeed("ps", "--format", "json", id))!.AsArray().Count);

        _ground.Oci.Succeed("kill", "--all", id, "KILL");

        Subject.Await(() => File.ReadAllText($"{cgroup}/cgroup.events").Contains("populated 0", StringComparison.Ordinal));
        _ground.Oci.Succeed("delete", id);
        Assert.False(Directory.Exists(cgroup));
    }

    [Fact]
    public void A_mapped_root_owns_a_cgroup_that_it_may_write_to()
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.All(WithUsers, UnifiedGround.Writable));
        string cgroup = _ground.Cgroup(id);
        string[] given = [.. File.ReadAllLines("/sys/kernel/cgroup/delegate").Where(file => File.Exists($"{cgroup}/{file}"))];
        string[] always = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];
        Assert.Empty(always.Except(given));

        Assert.Equal("1879048192", Owner(cgroup));
        Assert.All(given, file => Assert.Equal("1879048192", Owner($"{cgroup}/{file}")));
        Assert.All((string[])["memory.max", "cpu.max", "cgroup.freeze"], file => Assert.Equal("0", Owner($"{cgroup}/{file}")));
        Assert.Equal(
            ["0::/init.scope", "refused"],
            _ground.Oci.Succeed(
                "exec", id, "sh", "-c",
                "cd /sys/fs/cgroup; mkdir init.scope && echo 0 > init.scope/cgroup.procs && cat /proc/self/cgroup; echo max > memory.max || echo refused").Trim().Split('\n'));
    }

    [Fact]
    public void A_cgroup_that_is_seen_read_only_stays_with_root()
    {
        string id = _ground.Run("sleep 1000", WithUsers);

        Assert.Equal("0", Owner(_ground.Cgroup(id)));
    }

    /// <summary>The ids on disk are the caller's to choose: an engine chowns or maps the root file system.</summary>
    private void WithUsers(JsonNode config)
    {
        System.Diagnostics.Process.Start("chown", ["-R", "1879048192:1879048192", $"{_ground.Oci.Bundle}/rootfs"]).WaitForExit();
        const string Map = """[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""";
        config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
        config["linux"]!["uidMappings"] = JsonNode.Parse(Map);
        config["linux"]!["gidMappings"] = JsonNode.Parse(Map);
    }

    private static string Owner(string path)
    {
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
