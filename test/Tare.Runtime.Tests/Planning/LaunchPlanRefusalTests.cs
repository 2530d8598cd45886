// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Specs for which nothing is started.</summary>
public sealed class LaunchPlanRefusalTests
{
    [Theory]
    [InlineData("process", "null", "the spec has no process")]
    [InlineData("linux", "null", "the spec has no linux section")]
    [InlineData("process.args", "[]", "no command")]
    [InlineData("process.args", """["a\u0000b"]""", "a NUL")]
    [InlineData("process.cwd", "\"work\"", "working directory 'work' is not an absolute path")]
    [InlineData("process.rlimits", """[{"type":"RLIMIT_MOON","soft":1,"hard":1}]""", "no limit 'RLIMIT_MOON'")]
    [InlineData("process.rlimits", """[{"type":"RLIMIT_CORE","soft":2,"hard":1}]""", "soft limit 2 is above hard limit 1")]
    [InlineData("process.oomScoreAdj", "1001", "oomScoreAdj 1001")]
    [InlineData("process.apparmorProfile", "\"p\"", "this host has no apparmor")]
    [InlineData("process.scheduler", """{"policy":"SCHED_MOON"}""", "no scheduler 'SCHED_MOON'")]
    [InlineData("process.ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":8}""", "I/O priority 8")]
    [InlineData("mounts", """[{"destination":"/","type":"tmpfs"}]""", "would cover the root")]
    [InlineData("mounts", """[{"destination":"/a/..","type":"tmpfs"}]""", "would cover the root")]
    [InlineData("mounts", """[{"destination":"a","type":"tmpfs"}]""", "'a' is not an absolute path")]
    [InlineData("mounts", """[{"destination":"/a"}]""", "no type")]
    [InlineData("mounts", """[{"destination":"/a","type":"bind"}]""", "no source")]
    [InlineData("mounts", """[{"destination":"/a","type":"bind","source":"/b","options":["wild"]}]""", "option 'wild'")]
    [InlineData("mounts", """[{"destination":"/proc","type":"bind","source":"/b"}]""", "inside /proc")]
    [InlineData("mounts", """[{"destination":"/proc/self/attr","type":"bind","source":"/b"}]""", "inside /proc")]
    [InlineData("mounts", """[{"destination":"/x/../proc/1","type":"bind","source":"/b"}]""", "inside /proc")]
    [InlineData("mounts", """[{"destination":"/proc","type":"tmpfs"}]""", "tmpfs on /proc: nothing but procfs")]
    [InlineData("mounts", """[{"destination":"/proc/acpi","type":"tmpfs"}]""", "inside /proc")]
    [InlineData("mounts", """[{"destination":"/proc/meminfo","type":"tmpfs"}]""", "inside /proc")]
    [InlineData("mounts", """[{"destination":"/proc/1","type":"proc"}]""", "inside /proc")]
    [InlineData("linux.namespaces", """[{"type":"pid"}]""", "needs a mount namespace")]
    [InlineData("linux.namespaces", """[{"type":"mount"},{"type":"mount"}]""", "named twice")]
    [InlineData("linux.namespaces", """[{"type":"mount"},{"type":"user"}]""", "needs uidMappings")]
    [InlineData("linux.uidMappings", """[{"containerID":0,"hostID":1,"size":1}]""", "need a new user namespace")]
    [InlineData("linux.mountLabel", "\"label\"", "this host has no selinux")]
    [InlineData("linux.memoryPolicy", """{"mode":"MPOL_MOON"}""", "no mode 'MPOL_MOON'")]
    [InlineData("linux.memoryPolicy", """{"mode":"MPOL_BIND"}""", "goes with nodes")]
    [InlineData("linux.memoryPolicy", """{"mode":"MPOL_LOCAL","nodes":"0"}""", "goes without nodes")]
    [InlineData("linux.memoryPolicy", """{"mode":"MPOL_BIND","nodes":"x"}""", "no list of nodes")]
    [InlineData("mounts", """[{"destination":"/a","type":"proc","options":["tmpcopyup"]}]""", "tmpcopyup is for a tmpfs")]
    [InlineData("mounts", """[{"destination":"/a","type":"tmpfs","options":["idmap"]}]""", "id mappings of a new file system")]
    [InlineData("mounts", """[{"destination":"/a","type":"bind","source":"/b","options":["idmap"]}]""", "the container has none")]
    [InlineData("mounts", """[{"destination":"/a","type":"bind","source":"/b","uidMappings":[{"containerID":0,"hostID":0,"size":1}]}]""", "go together")]
    [InlineData("linux.namespaces", """[{"type":"mount"},{"type":"user","path":"/p"}]""", "so does one that is joined")]
    [InlineData("linux.namespaces", """[{"type":"mount"},{"type":"user"},{"type":"network","path":"/p"}]""", "needs uidMappings")]
    [InlineData("linux.timeOffsets", """{"boottime":{"secs":1}}""", "need a new time namespace")]
    [InlineData("linux.sysctl", """{"kernel.core_pattern":"x"}""", "belongs to no namespace")]
    [InlineData("linux.sysctl", """{"net/../kernel/core_pattern":"x"}""", "belongs to no namespace")]
    [InlineData("linux.rootfsPropagation", "\"wild\"", "rootfsPropagation 'wild'")]
    [InlineData("linux.devices", """[{"type":"c","path":"/dev/x","major":4096,"minor":0}]""", "no number 4096:0")]
    [InlineData("linux.devices", """[{"type":"x","path":"/dev/x"}]""", "no type 'x'")]
    [InlineData("linux.seccomp", """{"defaultAction":"SCMP_ACT_NOTIFY"}""", "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY")]
    [InlineData("linux.seccomp", """{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]}""", "read must be allowed")]
    [InlineData("linux.seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"},{"names":["read"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":7,"op":"SCMP_CMP_EQ"}]}]}""", "read must be allowed")]
    [InlineData("hooks", """{"createContainer":[{"path":"/h"}]}""", "hooks.createContainer: in a mount namespace that is joined", "joined-pid-and-mount")]
    [InlineData("linux.seccomp", """{"defaultAction":"SCMP_ACT_ERRNO","flags":["X"]}""", "no seccomp flag 'X'")]
    [InlineData("linux.intelRdt", "{}", "intelRdt")]
    public void A_spec_that_cannot_be_is_refused_before_anything_is_done(string path, string value, string message, string name = "default")
    {
        PlanCase given = PlanCase.Named(name);
        JsonNode spec = JsonSerializer.SerializeToNode(given.Spec(), RuntimeJson.Default.Spec)!;
        string[] names = path.Split('.');
        JsonNode parent = names[..^1].Aggregate(spec, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);

        TareException refusal = Assert.Throws<TareException>(
            () => LaunchPlan.Compile(spec.Deserialize(RuntimeJson.Default.Spec)!, given.Host()));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"containerID":1,"hostID":100000,"size":10}]""", "must map the container's root")]
    [InlineData("""[{"containerID":0,"hostID":100000,"size":0}]""", "is empty")]
    [InlineData("""[{"containerID":0,"hostID":1,"size":10},{"containerID":5,"hostID":100,"size":1}]""", "meets another")]
    [InlineData("""[{"containerID":0,"hostID":4294967290,"size":10}]""", "too long")]
    [InlineData("""[{"containerID":0,"hostID":1,"size":5}]""", "group 10 is nobody")]
    public void A_map_that_the_kernel_would_refuse_is_refused(string map, string message)
    {
        PlanCase given = PlanCase.Named("user-namespace");
        IReadOnlyList<IdMapping> ranges =
            JsonSerializer.Deserialize($$$"""{"ociVersion":"1.3.0","linux":{"uidMappings":{{{map}}}}}""", RuntimeJson.Default.Spec)!
                .Linux!.UidMappings!;
        Spec spec = given.Spec();
        spec = spec with { Linux = spec.Linux! with { UidMappings = ranges, GidMappings = ranges } };

        TareException refusal = Assert.Throws<TareException>(() => LaunchPlan.Compile(spec, given.Host()));

        Assert.Equal(ErrorKind.InvalidArgument, refusal.Kind);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_namespace_joins_no_namespace_of_the_hosts()
    {
        PlanCase given = PlanCase.Named("user-namespace");
        Spec spec = given.Spec();
        spec = spec with
        {
            Linux = spec.Linux! with { Namespaces = [new(NamespaceType.Mount), new(NamespaceType.User), new(NamespaceType.Network, "/n")] },
        };

        Assert.Equal(ErrorKind.NotSupported, Assert.Throws<TareException>(() => LaunchPlan.Compile(spec, given.Host())).Kind);
    }

    [Fact]
    public void A_limit_above_the_hosts_is_refused_or_brought_down_as_the_caller_asked()
    {
        PlanCase given = PlanCase.Named("limits");
        PlanHost strict = given.Host() with { TakesNearestLimit = false };

        TareException refusal = Assert.Throws<TareException>(() => LaunchPlan.Compile(given.Spec(), strict));

        Assert.Equal(ErrorKind.PermissionDenied, refusal.Kind);
        Assert.Contains("set RLIMIT_MEMLOCK 65536:1048576", given.Plan().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_binds_than_a_starter_can_hand_over_are_refused()
    {
        PlanCase given = PlanCase.Named("default");
        Spec spec = given.Spec() with
        {
            Mounts = [.. Enumerable.Range(0, 600).Select(i => new Mount($"/m{i}") { Type = "bind", Source = "/s" })],
        };

        TareException refusal = Assert.Throws<TareException>(() => LaunchPlan.Compile(spec, given.Host()));

        Assert.Equal(ErrorKind.ResourceExhausted, refusal.Kind);
    }
}
