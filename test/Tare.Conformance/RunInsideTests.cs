// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>What a process in a container sees and may do.</summary>
[Trait("ring", "kernel")]
public sealed partial class RunInsideTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private const string DockersCapabilities = "00000000a80425fb";
    private const string Capabilities = "grep Cap /proc/self/status | cut -f 2 | tr '\\n' ' '";
    private const string None = "0000000000000000";

    [Theory]
    [InlineData("mnt")]
    [InlineData("pid")]
    [InlineData("net")]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("cgroup")]
    public void A_namespace_is_the_containers_own(string name)
    {
        string inside = store.Shell($"readlink /proc/self/ns/{name}").TrimEnd();

        Assert.StartsWith($"{name}:[", inside, StringComparison.Ordinal);
        Assert.NotEqual(File.ResolveLinkTarget($"/proc/self/ns/{name}", returnFinalTarget: false)!.Name, inside);
    }

    [Fact]
    public void Only_the_standard_descriptors_are_open()
    {
        // ls itself opens the folder
        Assert.Equal("0\n1\n2\n3\n", store.Shell("exec ls /proc/self/fd"));
        Assert.Equal("", store.Shell("for f in /proc/1/fd/*; do readlink $f; done | grep ^/ | grep -v ^/dev/null || true"));
    }

    [Fact]
    public void Init_holds_only_the_standard_descriptors()
    {
        Assert.Equal("0\n1\n2\n", store.Shell("ls /proc/1/fd", "--init"));
    }

    [Fact]
    public void The_capabilities_are_dockers_fourteen()
    {
        Assert.Equal(
            $"{None} {DockersCapabilities} {DockersCapabilities} {DockersCapabilities} {None} ",
            store.Shell(Capabilities));
    }

    [Fact]
    public void Who_is_not_root_has_no_capability()
    {
        Assert.Equal($"{None} {None} {None} {DockersCapabilities} {None} ", store.Shell(Capabilities, "-u", "1000"));
    }

    [Fact]
    public void Capabilities_are_added_and_dropped()
    {
        Assert.Equal($"{None} {None} {None} {None} {None} ", store.Shell(Capabilities, "--cap-drop", "ALL"));
        Assert.Equal(
            "0000000000200400", store.Shell(Capabilities, "--cap-drop", "all", "--cap-add", "NET_BIND_SERVICE", "--cap-add", "cap_sys_admin").Split(' ')[2]);
        Assert.Equal("00000000a80425fa", store.Shell(Capabilities, "--cap-drop", "CHOWN").Split(' ')[2]);
    }

    [Fact]
    public void A_privileged_container_has_all_that_the_host_has()
    {
        string host = CapBnd().Match(File.ReadAllText("/proc/self/status")).Groups[1].Value;

        Assert.Equal(host, store.Shell(Capabilities, "--privileged").Split(' ')[2]);
        Assert.Equal("0\n", store.Shell("grep Seccomp: /proc/self/status | cut -f 2", "--privileged"));
        Assert.Contains("null\n", store.Shell("ls /dev", "--privileged"), StringComparison.Ordinal);
        store.Shell("mount -t tmpfs tmpfs /tmp && umount /tmp", "--privileged");
        Assert.DoesNotContain(" ro,", store.Shell("grep -E ' /(sys|proc)' /proc/mounts", "--privileged"), StringComparison.Ordinal);
    }

    [Fact]
    public void Seccomp_filters()
    {
        Assert.Equal("2\n", store.Shell("grep Seccomp: /proc/self/status | cut -f 2"));
        Assert.Equal("0\n", store.Shell("grep Seccomp: /proc/self/status | cut -f 2", "--security-opt", "seccomp=unconfined"));
        Assert.Contains("Operation not permitted", store.Shell("unshare -m true 2>&1 || true"), StringComparison.Ordinal);
        Assert.Contains("denied", store.Shell("mount -t tmpfs t /tmp 2>&1 || true"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", new string[0])]
    [InlineData("1", new[] { "--security-opt", "no-new-privileges" })]
    [InlineData("1", new[] { "--security-opt", "no-new-privileges=true" })]
    public void No_new_privileges_are_as_said(string value, string[] flags)
    {
        Assert.Equal($"{value}\n", store.Shell("grep NoNewPrivs /proc/self/status | cut -f 2", flags));
    }

    [Theory]
    [InlineData("/proc/acpi")]
    [InlineData("/proc/interrupts")]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/keys")]
    [InlineData("/proc/latency_stats")]
    [InlineData("/proc/timer_list")]
    [InlineData("/proc/timer_stats")]
    [InlineData("/proc/sched_debug")]
    [InlineData("/proc/scsi")]
    [InlineData("/sys/firmware")]
    [InlineData("/sys/devices/virtual/powercap")]
    public void A_masked_path_is_empty(string path)
    {
        Assert.Equal("", store.Shell($"if [ -d {path} ]; then ls {path}; elif [ -e {path} ]; then cat {path}; fi"));
    }

    [Theory]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/proc/sys/vm/drop_caches")]
    [InlineData("/proc/sysrq-trigger")]
    [InlineData("/proc/irq/default_smp_affinity")]
    [InlineData("/sys/kernel/mm/ksm/run")]
    [InlineData("/sys/fs/cgroup/memory/cgroup.procs")]
    public void A_kernel_file_is_not_writable(string path)
    {
        Assert.Equal("refused\n", store.Shell($"if ( [ -e {path} ] && echo 0 >{path} ) 2>/dev/null; then echo written; else echo refused; fi"));
    }

    [Fact]
    public void The_devices_are_dockers()
    {
        Assert.Equal(
            "core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero",
            store.Shell("ls /dev | tr '\\n' ' '").Trim());
        store.Shell("echo x >/dev/null; head -c 1 /dev/zero /dev/urandom >/dev/null; ! echo x >/dev/full; mkdir /dev/shm/x");
    }

    [Theory]
    [InlineData("b 8 0")]
    [InlineData("b 254 0")]
    [InlineData("c 1 1")]
    [InlineData("c 1 2")]
    [InlineData("c 10 229")]
    public void A_device_that_was_not_given_does_not_open(string node)
    {
        Assert.Contains(
            "not permitted",
            store.Shell($"mknod /tmp/d {node} && head -c 1 /tmp/d 2>&1 || true", "--userns", "host"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_is_not_made_with_ids_of_its_own()
    {
        Assert.Equal("refused\n", store.Shell("mknod /tmp/d c 1 3 2>/dev/null || echo refused", "--userns", "private"));
        Assert.Equal("", store.Shell("mknod /tmp/d c 1 3", "--userns", "host"));
    }

    [Fact]
    public void A_given_device_is_there()
    {
        Assert.Equal("crw-rw-rw- 1, 5\n", store.Shell("stat -c '%A %t, %T' /dev/mine", "--device", "/dev/zero:/dev/mine"));
    }

    [Fact]
    public void The_umask_and_the_limits_are_what_users_expect()
    {
        Assert.Equal("0022\n", store.Shell("umask"));
        using Conversation host = store.Tare.Start(
            "sh", "-c", $"ulimit -Sn 777; ulimit -Hn 888; '{TareBinary.Path}' run --rm busybox sh -c 'ulimit -Sn; ulimit -Hn'");
        Assert.Equal("777\n888\n", host.End().Text);
        Assert.Equal("50\n60\n", store.Shell("ulimit -Sn; ulimit -Hn", "--ulimit", "nofile=50:60"));
        Assert.Equal("9\n", store.Shell("ulimit -n", "--ulimit", "nofile=9"));
        Assert.Equal("0\n", store.Shell("ulimit -c", "--ulimit", "core=0"));
    }

    [Fact]
    public void A_limit_that_the_host_cannot_raise_is_as_near_as_it_can_be_and_said()
    {
        using Conversation host = store.Tare.Start(
            "sh", "-c", $"ulimit -Sn 777; ulimit -Hn 888; exec setpriv --bounding-set=-sys_resource '{TareBinary.Path}' run --rm --ulimit nofile=1000:2000 busybox sh -c 'ulimit -Sn; ulimit -Hn'");

        Outcome outcome = host.End();

        Assert.Equal("888\n888\n", outcome.Text);
        Assert.Equal("WARNING: RLIMIT_NOFILE 2000 is above this host's hard limit, 888 is used\n", outcome.Error);
    }

    [Fact]
    public void Pid_one_is_the_command_and_nothing_else_runs()
    {
        Assert.Equal("1\n", store.Shell("echo $$"));
        Assert.Equal("1\n", store.Shell("cd /proc; echo [0-9]*"));
        Assert.Equal("0\n", store.Shell("grep PPid /proc/1/status | cut -f 2"));
        Assert.Equal("0000000000000000 0000000000000000\n", store.Shell("exec awk '/SigBlk|SigIgn/ {printf s $2; s=\" \"} END {print \"\"}' /proc/self/status"));
    }

    [Fact]
    public void A_read_only_container_writes_only_where_it_may()
    {
        store.Shell("! touch /x 2>/dev/null; touch /dev/shm/x /t/x", "--read-only", "--tmpfs", "/t");
    }

    [Fact]
    public void Nothing_of_the_hosts_network_is_there_unless_asked()
    {
        Assert.Equal("eth0\nlo\n", store.Shell("ls /sys/class/net"));
        Assert.Equal("lo\n", store.Shell("ls /sys/class/net", "--network", "none"));

        // networks of other tests come and go meanwhile
        (string host, string seen) = Subject.Poll(
            TimeSpan.FromSeconds(20),
            () => (string.Join('\n', HostNetwork.Devices().Order(StringComparer.Ordinal)), store.Shell("ls /sys/class/net", "--network", "host").TrimEnd('\n')),
            static both => both.Item1 == both.Item2);
        Assert.Equal(host, seen);
        Assert.Equal(
            $"{File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name}\n",
            store.Shell("readlink /proc/self/ns/net", "--network", "host"));
        Assert.Contains("LOOPBACK,UP", store.Shell("ip link show lo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Init_is_pid_one_reaps_and_passes_the_exit_code_on()
    {
        Outcome outcome = store.Run("--init", "busybox", "sh", "-c", "(sleep 0.05 &) ; sleep 0.3; grep -c 'State:.Z' /proc/[0-9]*/status | grep -v ':0$'; echo $$; exit 5");

        Assert.Equal((5, ""), (outcome.ExitCode, outcome.Error));
        Assert.NotEqual("1", outcome.Text.Trim());
        Assert.DoesNotContain("status:1", outcome.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"CapBnd:\s+(\w+)")]
    private static partial Regex CapBnd();
}
