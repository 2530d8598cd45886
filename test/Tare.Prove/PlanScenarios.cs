// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;
using static Tare.Prove.Check;

namespace Tare.Prove;

/// <summary>What plans mean, tried for real: the parts of the specification that a run without options does not use.</summary>
internal static class PlanScenarios
{
    private const uint First = 0x70000000;

    private static readonly NamespaceType[] Usual =
        [NamespaceType.Mount, NamespaceType.Pid, NamespaceType.Ipc, NamespaceType.Uts, NamespaceType.Network];

    public static void The_session_keyring_is_a_new_one()
    {
        const int KEYCTL_GET_KEYRING_ID = 0;
        const int KEY_SPEC_SESSION_KEYRING = -3;
        var lowering = new Lowering();
        new NewKeyring().Lower(lowering);
        LaunchProgramBuilder builder = lowering.Builder;
        Slot id = builder.NewSlot();
        builder.Call(SystemCall.keyctl, [KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0], id);
        builder.Call(SystemCall.write, [builder.Given(0), Arg.Block(Field.Slot32(id)), 4]);
        Shell(builder, "exit 0");
        using var pipe = new Linux.Files.Pipe();
        using Launched launched = Launcher.Start(LaunchProgram.Read(builder.Build()), CloneFlags.None, [pipe.Writer]);
        pipe.Writer.Dispose();
        Equal(null, launched.Complete(), "failure");
        int theirs = BinaryPrimitives.ReadInt32LittleEndian(pipe.Reader.ReadAll(64));
        launched.Pidfd.Wait();
        nint ours = Libc.syscall(SystemCall.keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0, 0, 0, 0);
        That(theirs > 0 && theirs != ours, $"keyring {theirs} is not {ours}");
    }

    /// <summary>Until the first container has come so far; not for ever.</summary>
    private static void Await(Func<bool> isSo)
    {
        for (int i = 0; !isSo() && i < 500; i++)
        {
            Thread.Sleep(10);
        }
    }

    public static void A_pid_namespace_is_joined_by_birth()
    {
        using var first = new PlanRun(PlanRun.Spec("sleep 1000", PlanRun.New(Usual)));
        Await(() => File.ReadAllText($"/proc/{first.Pid}/comm") == "sleep\n");
        string expected = Link(first.Pid, "pid");
        Spec spec = PlanRun.Spec(
            "readlink /proc/self/ns/pid; cat /proc/1/comm",
            [new(NamespaceType.Mount), new(NamespaceType.Pid, $"/proc/{first.Pid}/ns/pid")]);
        Equal($"{expected}\nsleep", PlanRun.Output(spec), "namespace");
    }

    public static void A_mount_namespace_is_joined_as_it_is()
    {
        using var first = new PlanRun(PlanRun.Spec("touch /mark; sleep 1000", PlanRun.New(Usual)));
        Await(() => File.Exists($"/proc/{first.Pid}/root/mark"));
        Spec spec = PlanRun.Spec(
            "readlink /proc/self/ns/mnt; ls /bin/sh /mark",
            [
                new(NamespaceType.Mount, $"/proc/{first.Pid}/ns/mnt"), new(NamespaceType.Pid, $"/proc/{first.Pid}/ns/pid"),
                new(NamespaceType.Uts, $"/proc/{first.Pid}/ns/uts"),
            ]);
        Equal($"{Link(first.Pid, "mnt")}\n/bin/sh\n/mark", PlanRun.Output(spec), "namespace");
    }

    public static void The_clocks_of_a_time_namespace_are_moved()
    {
        Spec spec = PlanRun.Spec("cat /proc/uptime", PlanRun.New([.. Usual, NamespaceType.Time]));
        spec = spec with
        {
            Linux = spec.Linux! with
            {
                TimeOffsets = new Dictionary<string, TimeOffset> { ["boottime"] = new(1_000_000_000), ["monotonic"] = new(5) },
            },
        };
        string uptime = PlanRun.Output(spec).Split(' ')[0];
        That(double.Parse(uptime, CultureInfo.InvariantCulture) > 1e9, uptime);
    }

    public static void A_time_namespace_is_joined()
    {
        using var first = new PlanRun(PlanRun.Spec("sleep 1000", PlanRun.New([.. Usual, NamespaceType.Time])));
        Spec spec = PlanRun.Spec(
            "readlink /proc/self/ns/time",
            [.. PlanRun.New(Usual), new(NamespaceType.Time, $"/proc/{first.Pid}/ns/time")]);
        Equal(Link(first.Pid, "time"), PlanRun.Output(spec), "namespace");
        That(Link(first.Pid, "time") != Link(Environment.ProcessId, "time"), "a namespace of its own");
    }

    public static void Without_a_cgroup_namespace_the_containers_own_cgroups_are_shown()
    {
        var host = CgroupHost.Detect();
        if (host.Version == 2)
        {
            return;
        }

        string name = $"tare-prove-{Environment.ProcessId}";
        Cgroup cgroup = host.CreateAt($"{name}/box", new() { Pids = 77 });
        try
        {
            Spec spec = PlanRun.With(
                PlanRun.Spec("cd /sys/fs/cgroup/pids; cat pids.max cgroup.procs | head -2; mkdir made; ls -d made", PlanRun.New(Usual)),
                new Mount("/sys") { Type = "sysfs" },
                new Mount("/sys/fs/cgroup") { Type = "cgroup", Options = ["rw", "nosuid"] });
            Equal("77\n1\nmade", PlanRun.Output(spec, cgroup: cgroup), "cgroup");
            spec = spec with
            {
                Process = PlanRun.Process("mkdir /sys/fs/cgroup/pids/not /sys/fs/cgroup/not"),
                Mounts = [.. spec.Mounts!.SkipLast(1), spec.Mounts![^1] with { Options = ["ro"] }],
            };
            string output = PlanRun.Output(spec, cgroup: cgroup);
            Equal(2, output.Split("Read-only").Length - 1, output);
        }
        finally
        {
            That(cgroup.Remove(TimeSpan.FromSeconds(10)), "removed");
        }

        That(host.OpenAt(name, []).Paths.All(path => !Directory.Exists(path)), "what was made above is gone");
    }

    public static void A_tmpfs_begins_with_what_it_covers()
    {
        Spec spec = PlanRun.With(
            PlanRun.Spec("cat /data/file; echo new > /data/file; cat /data/file; stat -c %a /data", PlanRun.New(Usual)),
            new Mount("/data") { Type = "tmpfs", Options = ["tmpcopyup", "size=1m"] });
        string output = PlanRun.Output(spec, prepare: rootfs =>
        {
            using Linux.Files.Root root = Linux.Files.Root.From(rootfs.Duplicate());
            using Fd data = root.MakeDirectories("data"u8, 0x1e8);
            using Fd file = data.Open("file"u8, OpenFlags.Create | OpenFlags.WriteOnly, 0x1a4);
            file.Write("old\n"u8);
        });
        Equal("old\nnew\n750", output, "content");
    }

    public static void Owners_are_mapped_through_a_bind()
    {
        string folder = Directory.CreateTempSubdirectory("tare-idmap-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "file"), "x");
            Spec spec = PlanRun.With(
                PlanRun.Spec("stat -c %u:%g /m/file; touch /m/made; stat -c %u /m/made", PlanRun.New(Usual)),
                new Mount("/m")
                {
                    Type = "bind",
                    Source = folder,
                    Options = ["rbind", "ridmap"],
                    UidMappings = [new(0, 4000, 1), new(5000, 0, 1)],
                    GidMappings = [new(0, 4100, 1), new(5000, 0, 1)],
                });
            Equal("4000:4100\n0", PlanRun.Output(spec), "owners");
            using Fd made = HostPath.Open(Path.Combine(folder, "made"), OpenFlags.Path);
            Equal(5000u, made.Status().Uid, "owner on the host");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static void A_mount_is_changed_afterwards()
    {
        Spec spec = PlanRun.With(
            PlanRun.Spec("touch /t/x; touch /u/x; echo done", PlanRun.New(Usual)),
            new Mount("/t") { Type = "tmpfs" },
            new Mount("/u") { Type = "tmpfs" },
            new Mount("/t") { Options = ["remount", "ro", "nosuid"] });
        Equal("touch: /t/x: Read-only file system\ndone", PlanRun.Output(spec), "output");
    }

    public static void Memory_comes_from_the_nodes_of_the_policy()
    {
        Spec spec = PlanRun.Spec("head -1 /proc/self/numa_maps", PlanRun.New(Usual));
        spec = spec with
        {
            Linux = spec.Linux! with { MemoryPolicy = new("MPOL_BIND") { Nodes = "0", Flags = ["MPOL_F_STATIC_NODES"] } },
        };
        That(PlanRun.Output(spec).Contains("bind=static:0", StringComparison.Ordinal), "policy");
    }

    public static void A_further_process_runs_on_its_processors_with_the_containers_clock()
    {
        using var first = new PlanRun(PlanRun.Spec("sleep 1000", PlanRun.New([.. Usual, NamespaceType.Time])));
        Spec spec = PlanRun.Spec("", PlanRun.New([.. Usual, NamespaceType.Time])) with
        {
            Process = PlanRun.Process("grep Cpus_allowed_list /proc/self/status; readlink /proc/self/ns/time") with
            {
                ExecCpuAffinity = new CpuAffinity { Initial = "0-1", Final = "0" },
            },
        };
        Equal($"Cpus_allowed_list:\t0\n{Link(first.Pid, "time")}", first.Exec(spec), "processors and clock");
    }

    public static void A_user_namespace_has_the_ids_of_its_map()
    {
        Spec spec = Users(
            "id -u; cat /proc/self/uid_map; echo x > /dev/null && stat -c %u:%t:%T /dev/null; touch /made && stat -c %u /made; "
            + "ls /proc/keys && cat /proc/keys | head -1; cat /proc/sys/net/ipv4/ping_group_range; hostname; "
            + "cat /proc/self/oom_score_adj; grep CapBnd /proc/self/status; ls /sys/class/net");
        string[] lines = PlanRun.Output(spec).Split('\n');
        Equal("0", lines[0], "uid");
        Equal("0 1879048192 65536", string.Join(' ', lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)), "map");
        Equal("0:1:3", lines[2], "null device");
        Equal("0", lines[3], "file");
        Equal("/proc/keys", lines[4], "masked file is there, and empty");
        Equal("0\t65535", lines[5], "ping groups");
        Equal("inside", lines[6], "host name");
        Equal("300", lines[7], "oom score");
        Equal("CapBnd:\t00000000000000c1", lines[8], "bounding set");
        Equal("lo", lines[9], "sysfs");
    }

    public static void A_user_of_a_user_namespace_and_its_clock()
    {
        Spec spec = Users("id -u; id -g; cat /proc/uptime");
        spec = spec with
        {
            Process = spec.Process! with { User = new ProcessUser(1000, 1001) { AdditionalGids = [1002] } },
            Linux = spec.Linux! with
            {
                Namespaces = [.. spec.Linux.Namespaces!, new(NamespaceType.Time)],
                TimeOffsets = new Dictionary<string, TimeOffset> { ["boottime"] = new(1_000_000_000) },
            },
        };
        string[] lines = PlanRun.Output(spec).Split('\n');
        Equal("1000", lines[0], "uid");
        Equal("1001", lines[1], "gid");
        That(lines[2].StartsWith('1') && lines[2].Split('.')[0].Length == 10, lines[2]);
    }

    public static void A_further_process_is_in_the_user_namespace()
    {
        using var first = new PlanRun(Users("sleep 1000"));
        Spec spec = Users("") with
        {
            Process = PlanRun.Process("readlink /proc/self/ns/user; id -u; cat /proc/self/oom_score_adj") with
            {
                OomScoreAdj = 400,
                User = new ProcessUser(7, 8),
            },
        };
        Equal($"{Link(first.Pid, "user")}\n7\n400", first.Exec(spec), "namespace");
    }

    public static void A_user_namespace_is_in_the_cgroups_of_the_host()
    {
        var host = CgroupHost.Detect();
        if (host.Version == 2)
        {
            return;
        }

        Cgroup cgroup = host.CreateAt($"tare-prove-{Environment.ProcessId}/users", new() { Pids = 77 });
        try
        {
            Spec spec = PlanRun.With(
                Users("cd /sys/fs/cgroup/pids; cat pids.max cgroup.procs | head -2; grep pids: /proc/self/cgroup"),
                new Mount("/sys/fs/cgroup") { Type = "cgroup", Options = ["ro", "nosuid"] });
            string[] lines = PlanRun.Output(spec, cgroup: cgroup).Split('\n');
            Equal("77 1", $"{lines[0]} {lines[1]}", "cgroup");
            That(lines[2].EndsWith("pids:/", StringComparison.Ordinal), lines[2]);
        }
        finally
        {
            That(cgroup.Remove(TimeSpan.FromSeconds(10)), "removed");
        }
    }

    private static Spec Users(string script)
    {
        Spec spec = PlanRun.With(
            PlanRun.Spec(script, PlanRun.New([.. Usual, NamespaceType.User, NamespaceType.Cgroup])),
            new Mount("/dev/pts") { Type = "devpts", Options = ["newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new Mount("/dev/mqueue") { Type = "mqueue" },
            new Mount("/sys") { Type = "sysfs", Options = ["ro"] });
        return spec with
        {
            Hostname = "inside",
            Process = spec.Process! with
            {
                OomScoreAdj = 300,
                Rlimits = [new("RLIMIT_NOFILE", 64, 128)],
                Capabilities = new CapabilitySets { Bounding = ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"], Permitted = ["CAP_CHOWN"] },
            },
            Linux = spec.Linux! with
            {
                UidMappings = [new(0, First, 65_536)],
                GidMappings = [new(0, First, 65_536)],
                MaskedPaths = ["/proc/keys", "/sys/firmware"],
                ReadonlyPaths = ["/proc/sys"],
                Sysctl = new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = "0 2147483647" },
            },
        };
    }

    private static string Link(int pid, string name) => new FileInfo($"/proc/{pid}/ns/{name}").LinkTarget!;
}
