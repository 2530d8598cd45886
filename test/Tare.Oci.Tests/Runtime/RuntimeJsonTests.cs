// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Oci.Runtime;

namespace Tare.Oci.Tests.Runtime;

public sealed class RuntimeJsonTests
{
    [Fact]
    public void A_document_with_every_field_comes_back_equal()
    {
        Spec spec = JsonSerializer.Deserialize(Everything, RuntimeJson.Default.Spec)!;

        string again = JsonSerializer.Serialize(spec, RuntimeJson.Writer.Spec);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Everything), JsonNode.Parse(again)), again);
    }

    [Fact]
    public void Every_property_of_the_schema_is_in_the_document_of_the_round_trip()
    {
        // the property names of config-schema.json, config-linux.json and defs*.json that concern Linux
        string[] names = Properties.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.All(names, name => Assert.Contains($"\"{name}\":", Everything, StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_fields_and_null_are_tolerated()
    {
        Spec spec = JsonSerializer.Deserialize(
            """{"ociVersion":"1.9.9","future":{"x":[1]},"mounts":null,"process":{"cwd":"/","later":1,"args":["a"]}}""",
            RuntimeJson.Default.Spec)!;

        Assert.Null(spec.Mounts);
        Assert.Equal(["a"], spec.Process!.Args!);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"ociVersion":null}""")]
    [InlineData("""{"ociVersion":"1","process":{}}""")]
    [InlineData("""{"ociVersion":"1","process":{"cwd":"/","user":{"uid":4294967296}}}""")]
    [InlineData("""{"ociVersion":"1","process":{"cwd":"/","user":{"uid":-1}}}""")]
    [InlineData("""{"ociVersion":"1","process":{"cwd":"/","user":{"uid":"0"}}}""")]
    [InlineData("""{"ociVersion":"1","linux":{"namespaces":[{"type":"moon"}]}}""")]
    [InlineData("""{"ociVersion":"1","linux":{"seccomp":{"defaultAction":"SCMP_ACT_MAYBE"}}}""")]
    public void A_document_that_breaks_the_schema_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, RuntimeJson.Default.Spec));

    [Fact]
    public void State_is_written_as_hooks_expect_it()
    {
        var state = new State("1.3.0", "a", ContainerStatus.Created, "/b+c") { Pid = 7 };

        Assert.Equal(
            """{"ociVersion":"1.3.0","id":"a","status":"created","bundle":"/b+c","pid":7}""",
            JsonSerializer.Serialize(state, RuntimeJson.Writer.State));
    }

    [Fact]
    public void Features_come_back_equal()
    {
        const string Text =
            """
            {"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","hooks":["prestart"],"mountOptions":["ro"],
             "linux":{"namespaces":["mount","cgroup"],"capabilities":["CAP_CHOWN"],
              "cgroup":{"v1":true,"v2":true,"systemd":false,"systemdUser":false,"rdma":true},
              "seccomp":{"enabled":true,"actions":["SCMP_ACT_ALLOW"],"operators":["SCMP_CMP_NE"],
               "archs":["SCMP_ARCH_X86_64"],"knownFlags":["SECCOMP_FILTER_FLAG_LOG"],"supportedFlags":[]},
              "apparmor":{"enabled":true},"selinux":{"enabled":false},"intelRdt":{"enabled":false},
              "mountExtensions":{"idmap":{"enabled":true}},"netDevices":{"enabled":true}},
             "annotations":{"a":"b"},"potentiallyUnsafeConfigAnnotations":["c."]}
            """;

        Features features = JsonSerializer.Deserialize(Text, RuntimeJson.Default.Features)!;

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(Text),
            JsonNode.Parse(JsonSerializer.Serialize(features, RuntimeJson.Writer.Features))));
    }

    private const string Properties =
        """
        ociVersion hooks prestart createRuntime createContainer startContainer poststart poststop path args env timeout
        annotations hostname domainname mounts source destination options type uidMappings gidMappings containerID hostID
        size root readonly process consoleSize height width cwd terminal user uid gid umask additionalGids capabilities
        bounding permitted effective inheritable ambient apparmorProfile oomScoreAdj selinuxLabel ioPriority class priority
        noNewPrivileges scheduler policy nice flags runtime deadline period rlimits soft hard execCPUAffinity initial final
        linux devices major minor fileMode netDevices name namespaces resources unified allow access pids limit blockIO
        weight leafWeight weightDevice throttleReadBpsDevice throttleWriteBpsDevice throttleReadIOPSDevice
        throttleWriteIOPSDevice rate cpu cpus mems quota burst realtimePeriod realtimeRuntime shares idle hugepageLimits
        pageSize memory kernel kernelTCP reservation swap swappiness disableOOMKiller useHierarchy checkBeforeUpdate
        network classID priorities rdma hcaHandles hcaObjects cgroupsPath rootfsPropagation seccomp defaultAction
        defaultErrnoRet listenerPath listenerMetadata architectures syscalls names action errnoRet index value valueTwo op
        sysctl maskedPaths readonlyPaths mountLabel intelRdt closID schemata l3CacheSchema memBwSchema enableMonitoring
        memoryPolicy mode nodes personality domain timeOffsets boottime monotonic secs nanosecs
        """;

    private const string Everything =
        """
        {
          "ociVersion": "1.3.0",
          "process": {
            "terminal": true, "consoleSize": {"height": 24, "width": 80},
            "user": {"uid": 1000, "gid": 4294967294, "umask": 18, "additionalGids": [5, 6]},
            "args": ["sh", "-c", "ä+<&>"], "env": ["PATH=/bin", "X="], "cwd": "/tmp",
            "capabilities": {"bounding": ["CAP_CHOWN"], "effective": [], "inheritable": ["CAP_KILL"],
              "permitted": ["CAP_CHOWN"], "ambient": ["CAP_KILL"]},
            "rlimits": [{"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615}],
            "noNewPrivileges": true, "apparmorProfile": "p", "selinuxLabel": "l", "oomScoreAdj": -5,
            "scheduler": {"policy": "SCHED_DEADLINE", "nice": -3, "priority": 1, "flags": ["SCHED_FLAG_RECLAIM"],
              "runtime": 1, "deadline": 2, "period": 3},
            "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 4},
            "execCPUAffinity": {"initial": "0", "final": "1-2"}
          },
          "root": {"path": "rootfs", "readonly": true},
          "hostname": "h", "domainname": "d",
          "mounts": [{"destination": "/p", "type": "bind", "source": "/s", "options": ["rbind", "ro"],
            "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
            "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]}],
          "hooks": {
            "prestart": [{"path": "/h", "args": ["h"], "env": ["A=B"], "timeout": 3}],
            "createRuntime": [{"path": "/h"}], "createContainer": [{"path": "/h"}], "startContainer": [{"path": "/h"}],
            "poststart": [{"path": "/h"}], "poststop": [{"path": "/h"}]
          },
          "annotations": {"org.example": "v"},
          "linux": {
            "namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "network", "path": "/n"}, {"type": "uts"},
              {"type": "ipc"}, {"type": "user"}, {"type": "cgroup"}, {"type": "time"}],
            "uidMappings": [{"containerID": 0, "hostID": 1, "size": 2}],
            "gidMappings": [{"containerID": 0, "hostID": 1, "size": 2}],
            "timeOffsets": {"boottime": {"secs": -5, "nanosecs": 6}, "monotonic": {"secs": 7, "nanosecs": 0}},
            "devices": [{"type": "c", "path": "/dev/x", "major": 1, "minor": 3, "fileMode": 438, "uid": 0, "gid": 1}],
            "netDevices": {"eth0": {"name": "eth1"}},
            "cgroupsPath": "/c",
            "resources": {
              "unified": {"memory.high": "1"},
              "devices": [{"allow": false, "type": "c", "major": -1, "minor": 3, "access": "rwm"}],
              "memory": {"limit": 1, "reservation": 2, "swap": -1, "kernel": 3, "kernelTCP": 4, "swappiness": 5,
                "disableOOMKiller": false, "useHierarchy": true, "checkBeforeUpdate": true},
              "cpu": {"shares": 2, "quota": -1, "burst": 0, "period": 100000, "realtimeRuntime": 5,
                "realtimePeriod": 6, "cpus": "0", "mems": "0-1", "idle": 1},
              "pids": {"limit": -1},
              "blockIO": {"weight": 10, "leafWeight": 11,
                "weightDevice": [{"major": 8, "minor": 0, "weight": 500, "leafWeight": 300}],
                "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 600}],
                "throttleWriteBpsDevice": [{"major": 8, "minor": 0, "rate": 601}],
                "throttleReadIOPSDevice": [{"major": 8, "minor": 0, "rate": 602}],
                "throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 603}]},
              "hugepageLimits": [{"pageSize": "2MB", "limit": 18446744073709551615}],
              "network": {"classID": 1048577, "priorities": [{"name": "eth0", "priority": 500}]},
              "rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10000}}
            },
            "rootfsPropagation": "slave",
            "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
              "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/l", "listenerMetadata": "m",
              "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1,
                "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 0}]}]},
            "sysctl": {"net.ipv4.ip_forward": "1"},
            "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"], "mountLabel": "ml",
            "intelRdt": {"closID": "c", "schemata": ["L3:0=f"], "l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=20",
              "enableMonitoring": true},
            "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0-1", "flags": ["MPOL_F_STATIC_NODES"]},
            "personality": {"domain": "LINUX32", "flags": []}
          }
        }
        """;
}
