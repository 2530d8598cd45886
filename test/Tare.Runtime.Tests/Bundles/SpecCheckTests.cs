// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Tests.Bundles;

/// <summary>Every rule wrong once: the member that is changed, its value, and what is said.</summary>
public class SpecCheckTests
{
    [Theory]
    [InlineData("ociVersion", "\"1.3\"", "ociVersion: want a version such as 1.3.0, is \"1.3\"")]
    [InlineData("ociVersion", "\"\"", "ociVersion: want a version such as 1.3.0, is \"\"")]
    [InlineData("ociVersion", "\"1.03.0\"", "ociVersion: want a version such as 1.3.0, is \"1.03.0\"")]
    [InlineData("ociVersion", "\"1.3.0-\"", "ociVersion: want a version such as 1.3.0, is \"1.3.0-\"")]
    [InlineData("ociVersion", "\"0.5.0\"", "ociVersion: version 0.5.0 is not supported, only 1.x.y")]
    [InlineData("ociVersion", "\"2.0.0\"", "ociVersion: version 2.0.0 is not supported, only 1.x.y")]
    [InlineData("root", "", "root: missing")]
    [InlineData("root.path", "\"\"", "root.path: want a path, is empty")]
    [InlineData("process", "", "process: missing")]
    [InlineData("process.args", "", "process.args: no program is named")]
    [InlineData("process.args", "[]", "process.args: no program is named")]
    [InlineData("process.args[0]", "\"\"", "process.args: the program's name is empty")]
    [InlineData("process.cwd", "\"x\"", "process.cwd: want an absolute path, is \"x\"")]
    [InlineData("process.env[1]", "\"NAME\"", "process.env[1]: want NAME=value, is \"NAME\"")]
    [InlineData("process.env[1]", "\"=value\"", "process.env[1]: want NAME=value, is \"=value\"")]
    [InlineData("process.consoleSize.width", "65536", "process.consoleSize.width: want 0 to 65535, is 65536")]
    [InlineData("process.user.uid", "4294967295", "process.user.uid: 4294967295 is nobody's id")]
    [InlineData("process.user.additionalGids[1]", "4294967295", "process.user.additionalGids[1]: 4294967295 is nobody's id")]
    [InlineData("process.user.umask", "512", "process.user.umask: want 0 to 511, is 512")]
    [InlineData("process.rlimits[1].type", "\"RLIMIT_NOFILE\"", "process.rlimits[1].type: RLIMIT_NOFILE is there twice")]
    [InlineData("process.rlimits[1].type", "\"RLIMIT_FOO\"", "process.rlimits[1].type: unknown limit \"RLIMIT_FOO\"")]
    [InlineData("process.rlimits[1].type", "\"nproc\"", "process.rlimits[1].type: unknown limit \"nproc\"")]
    [InlineData("process.rlimits[0].soft", "1048577", "process.rlimits[0].soft: 1048577 is above the hard limit 1048576")]
    [InlineData("process.oomScoreAdj", "1001", "process.oomScoreAdj: want -1000 to 1000, is 1001")]
    [InlineData("process.scheduler.policy", "\"SCHED_FOO\"", "process.scheduler.policy: unknown policy \"SCHED_FOO\"")]
    [InlineData("process.scheduler.policy", "\"SCHED_FIFO\"", "process.scheduler.priority: want 1 to 99, is 0")]
    [InlineData("process.scheduler.policy", "\"SCHED_OTHER\"", "process.scheduler.runtime: SCHED_OTHER has none")]
    [InlineData("process.scheduler.nice", "20", "process.scheduler.nice: want -20 to 19, is 20")]
    [InlineData("process.scheduler.priority", "1", "process.scheduler.priority: SCHED_DEADLINE has none")]
    [InlineData("process.scheduler.flags[0]", "\"FOO\"", "process.scheduler.flags[0]: unknown flag \"FOO\"")]
    [InlineData("process.scheduler.runtime", "2000001", "process.scheduler.runtime: 2000001 is above the deadline 2000000")]
    [InlineData("process.scheduler.period", "1", "process.scheduler.deadline: 2000000 is above the period 1")]
    [InlineData("process.ioPriority.class", "\"IOPRIO_CLASS_NONE\"", "process.ioPriority.class: unknown class \"IOPRIO_CLASS_NONE\"")]
    [InlineData("process.ioPriority.priority", "8", "process.ioPriority.priority: want 0 to 7, is 8")]
    [InlineData("process.execCPUAffinity.initial", "\"3-1\"", "process.execCPUAffinity.initial: want numbers and ranges such as 0-3,7, is \"3-1\"")]
    [InlineData("process.execCPUAffinity.final", "\"a\"", "process.execCPUAffinity.final: want numbers and ranges such as 0-3,7, is \"a\"")]
    [InlineData("mounts[0].destination", "\"\"", "mounts[0].destination: want an absolute path, is \"\"")]
    [InlineData("mounts[1].type", "", "mounts[1].type: missing")]
    [InlineData("mounts[0].source", "", "mounts[0].source: a bind needs one")]
    [InlineData("mounts[0].gidMappings", "", "mounts[0].gidMappings: missing, though the other mappings are there")]
    [InlineData("mounts[0].uidMappings[0].size", "0", "mounts[0].uidMappings[0].size: want a number above 0")]
    [InlineData("hooks.createRuntime[0].path", "\"true\"", "hooks.createRuntime[0].path: want an absolute path, is \"true\"")]
    [InlineData("hooks.poststop[0].timeout", "0", "hooks.poststop[0].timeout: want seconds above 0, is 0")]
    [InlineData("hooks.prestart[0].env[0]", "\"A\"", "hooks.prestart[0].env[0]: want NAME=value, is \"A\"")]
    [InlineData("annotations.", "\"x\"", "annotations[\"\"]: a name must not be empty")]
    public void A_wrong_config_is_told_with_the_path(string path, string value, string message) => Refused(path, value, message);

    [Theory]
    [InlineData("linux.namespaces[0].type", "\"pid\"", "linux.namespaces[1].type: the pid namespace is there twice")]
    [InlineData("linux.namespaces[2].path", "\"run/x\"", "linux.namespaces[2].path: want an absolute path, is \"run/x\"")]
    [InlineData("linux.namespaces[3]", "{\"type\":\"mount\"}", "hostname: needs a uts namespace in linux.namespaces")]
    [InlineData("linux.namespaces[5].path", "\"\"", null)]
    [InlineData("linux.uidMappings", "", "linux.uidMappings: missing, though a user namespace is to be made")]
    [InlineData("linux.gidMappings", "[]", "linux.gidMappings: missing, though a user namespace is to be made")]
    [InlineData("linux.uidMappings[1].containerID", "65535", "linux.uidMappings[1].containerID: overlaps with linux.uidMappings[0]")]
    [InlineData("linux.uidMappings[1].hostID", "100001", "linux.uidMappings[1].hostID: overlaps with linux.uidMappings[0]")]
    [InlineData("linux.uidMappings[1].hostID", "4294967295", "linux.uidMappings[1].size: ids from 4294967295 on are fewer than 1")]
    [InlineData("linux.gidMappings[0].containerID", "4294901760", "linux.gidMappings[0].size: ids from 4294901760 on are fewer than 65536")]
    [InlineData("linux.timeOffsets.monotonic.nanosecs", "1000000000", "linux.timeOffsets.monotonic.nanosecs: want 0 to 999999999, is 1000000000")]
    [InlineData("linux.timeOffsets.realtime", "{}", "linux.timeOffsets.realtime: unknown clock \"realtime\"")]
    [InlineData("linux.namespaces[7].path", "\"/proc/1/ns/time\"", "linux.timeOffsets.monotonic: needs a new time namespace in linux.namespaces")]
    [InlineData("linux.netDevices.eth1.name", "\"a/b\"", "linux.netDevices.eth1.name: \"a/b\" is no name of a network device")]
    [InlineData("linux.netDevices.eth1.name", "\"a%s\"", "linux.netDevices.eth1.name: \"a%s\" is no name of a network device")]
    [InlineData("linux.netDevices.eth1.name", "\"a%d%d\"", "linux.netDevices.eth1.name: \"a0%d\" is no name of a network device")]
    [InlineData("linux.netDevices.lan", "{}", "linux.netDevices.lan.name: \"lan\" is there twice")]
    [InlineData("linux.sysctl.kernel|hostname", "\"x\"", "linux.sysctl[\"kernel.hostname\"]: belongs to no namespace")]
    [InlineData("linux.sysctl.net|ipv4|ip_forward", "\"1\\n2\"", "linux.sysctl[\"net.ipv4.ip_forward\"]: a line feed in the value")]
    [InlineData("linux.sysctl.net||x", "\"x\"", "linux.sysctl[\"net..x\"]: belongs to no namespace")]
    [InlineData("linux.namespaces[4]", "{\"type\":\"cgroup\"}", "linux.namespaces[6].type: the cgroup namespace is there twice")]
    [InlineData("linux.devices[0].type", "\"x\"", "linux.devices[0].type: unknown type of device \"x\"")]
    [InlineData("linux.devices[0].path", "\"dev\"", "linux.devices[0].path: want an absolute path, is \"dev\"")]
    [InlineData("linux.devices[0].major", "4096", "linux.devices[0].major: want 0 to 4095, is 4096")]
    [InlineData("linux.devices[0].minor", "-1", "linux.devices[0].minor: want 0 to 1048575, is -1")]
    [InlineData("linux.devices[0].fileMode", "65536", "linux.devices[0].fileMode: want 0 to 65535, is 65536")]
    [InlineData("linux.devices[0].gid", "4294967295", "linux.devices[0].gid: 4294967295 is nobody's id")]
    [InlineData("linux.cgroupsPath", "\"a/../b\"", "linux.cgroupsPath: \"a/../b\" leads upwards")]
    [InlineData("linux.rootfsPropagation", "\"foo\"", "linux.rootfsPropagation: unknown propagation \"foo\"")]
    [InlineData("linux.rootfsPropagation", "\"rslave\"", null)]
    [InlineData("linux.maskedPaths[0]", "\"proc\"", "linux.maskedPaths[0]: want an absolute path, is \"proc\"")]
    [InlineData("linux.readonlyPaths[0]", "\"\"", "linux.readonlyPaths[0]: want an absolute path, is \"\"")]
    [InlineData("linux.personality.domain", "\"BSD\"", "linux.personality.domain: unknown domain \"BSD\"")]
    [InlineData("linux.personality.flags[0]", "\"X\"", "linux.personality.flags[0]: unknown flag \"X\"")]
    [InlineData("linux.intelRdt.closID", "\"../x\"", "linux.intelRdt.closID: \"../x\" is not the name of a folder")]
    [InlineData("linux.intelRdt.memBwSchema", "\"L3:0\"", "linux.intelRdt.memBwSchema: want one line that begins with MB:, is \"L3:0\"")]
    [InlineData("linux.memoryPolicy.mode", "\"MPOL_LOCAL\"", "linux.memoryPolicy.nodes: MPOL_LOCAL has none")]
    [InlineData("linux.memoryPolicy.nodes", "\"\"", "linux.memoryPolicy.nodes: MPOL_BIND needs some")]
    [InlineData("linux.memoryPolicy.nodes", "\"1,\"", "linux.memoryPolicy.nodes: want numbers and ranges such as 0-3,7, is \"1,\"")]
    [InlineData("linux.memoryPolicy.flags[1]", "\"MPOL_F_RELATIVE_NODES\"", "linux.memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other")]
    public void A_wrong_linux_section_is_told_with_the_path(string path, string value, string? message) => Refused(path, value, message);

    [Theory]
    [InlineData("devices[1].type", "\"p\"", "devices[1].type: unknown type of device \"p\"")]
    [InlineData("devices[1].major", "-2", "devices[1].major: want -1 to 4095, is -2")]
    [InlineData("devices[1].access", "\"rx\"", "devices[1].access: want letters out of rwm, is \"rx\"")]
    [InlineData("memory.limit", "-2", "memory.limit: want -1 to 9223372036854775807, is -2")]
    [InlineData("memory.swap", "1", "memory.swap: memory and swap together, 1, are less than the memory, 536870912")]
    [InlineData("memory.swappiness", "101", "memory.swappiness: want 0 to 100, is 101")]
    [InlineData("cpu.period", "999", "cpu.period: want 1000 to 1000000, is 999")]
    [InlineData("cpu.quota", "999", "cpu.quota: want 1000 to 9223372036854775807, is 999")]
    [InlineData("cpu.burst", "50001", "cpu.burst: 50001 is above the quota 50000")]
    [InlineData("cpu.cpus", "\"0-\"", "cpu.cpus: want numbers and ranges such as 0-3,7, is \"0-\"")]
    [InlineData("cpu.idle", "2", "cpu.idle: want 0 to 1, is 2")]
    [InlineData("blockIO.weight", "9", "blockIO.weight: want 10 to 1000, is 9")]
    [InlineData("blockIO.weightDevice[0]", "{\"major\":8,\"minor\":0}", "blockIO.weightDevice[0]: needs a weight or a leafWeight")]
    [InlineData("blockIO.throttleReadIOPSDevice[0].major", "-1", "blockIO.throttleReadIOPSDevice[0].major: want 0 to 4095, is -1")]
    [InlineData("hugepageLimits[0].pageSize", "\"2mb\"", "hugepageLimits[0].pageSize: want a size such as 2MB, is \"2mb\"")]
    [InlineData("network.priorities[0].name", "\"\"", "network.priorities[0].name: is empty")]
    [InlineData("rdma.mlx5_1", "{}", "rdma.mlx5_1: limits nothing")]
    [InlineData("unified.a/b|c", "\"\"", "unified[\"a/b.c\"]: not the name of a file such as memory.max")]
    public void A_wrong_limit_is_told_with_the_path(string path, string value, string message) =>
        Refused($"linux.resources.{path}", value, $"linux.resources.{message}");

    [Theory]
    [InlineData("defaultAction", "\"SCMP_ACT_NOTIFY\"", "defaultErrnoRet: only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have one")]
    [InlineData("defaultErrnoRet", "4096", "defaultErrnoRet: want 0 to 4095, is 4096")]
    [InlineData("architectures[0]", "\"X\"", "architectures[0]: unknown architecture \"X\"")]
    [InlineData("flags[0]", "\"X\"", "flags[0]: unknown flag \"X\"")]
    [InlineData("syscalls[0].names", "[]", "syscalls[0].names: names no system call")]
    [InlineData("syscalls[0].action", "\"SCMP_ACT_ALLOW\"", "syscalls[0].errnoRet: only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have one")]
    [InlineData("syscalls[0].args[0].index", "6", "syscalls[0].args[0].index: want 0 to 5, is 6")]
    [InlineData("listenerPath", "", "listenerMetadata: needs a listenerPath")]
    public void A_wrong_filter_is_told_with_the_path(string path, string value, string message) =>
        Refused($"linux.seccomp.{path}", value, $"linux.seccomp.{message}");

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.0-rc5")]
    [InlineData("1.2.0-dev+build.5")]
    [InlineData("1.99.0")]
    public void Every_version_1_is_taken(string version) => Assert.Empty(FullConfig.Check(FullConfig.With("ociVersion", $"\"{version}\"")));

    [Fact]
    public void A_capability_that_there_is_not_is_warned_about() => Assert.Equal(
        ["process.capabilities.bounding[0]: unknown capability \"CAP_FOO\", left out"],
        FullConfig.Check(FullConfig.With("process.capabilities.bounding[0]", "\"CAP_FOO\"")));

    private static void Refused(string path, string value, string? message)
    {
        string text = FullConfig.With(path, value);
        if (message is null)
        {
            Assert.Empty(FullConfig.Check(text));
            return;
        }

        TareException e = Assert.Throws<TareException>(() => FullConfig.Check(text));
        Assert.Equal(message, e.Message);
        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
    }
}
