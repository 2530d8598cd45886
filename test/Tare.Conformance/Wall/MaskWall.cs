// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Files of the kernel that a container neither reads nor writes.</summary>
public sealed class MaskWall(Ground ground) : WallTests(ground)
{
    /// <summary>Docker's list of 2026 (GHSA-6fw5-f8r9-fgfm), thermal_throttle of each processor besides.</summary>
    private static readonly string[] Hidden =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ];

    private static readonly string[] ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    [Fact]
    public void CVE_2015_3630_CVE_2017_16539_CVE_2018_10892_GHSA_jq35_GHSA_7ww5_GHSA_6fw5_Nothing_is_read_from_a_masked_path()
    {
        string[] processors =
            [.. Directory.GetDirectories("/sys/devices/system/cpu").Select(cpu => $"{cpu}/thermal_throttle").Where(Directory.Exists)];
        string paths = string.Join(' ', Hidden.Concat(processors));
        string script =
            $"for p in {paths}; do [ -e $p ] || continue; if [ -d $p ]; then ls -A $p; else cat $p; fi; (echo x >$p/x) 2>/dev/null && echo written $p; done; true";
        string name = Subject.Sleeper();

        Assert.Equal("", Ground.Shell(script));
        Assert.Equal("", Ground.ShellIn(name, script));
        Assert.Equal("", Ground.ShellIn(name, script, "--privileged"));
    }

    [Fact]
    public void CVE_2018_10892_GHSA_6fw5_The_lists_are_dockers_whole_lists()
    {
        string name = Subject.Created("true");

        string[] masked = Paths(name, "MaskedPaths");
        Assert.Empty(Hidden.Except(masked));
        Assert.All(masked.Except(Hidden), path => Assert.Matches(@"^/sys/devices/system/cpu/cpu\d+/thermal_throttle$", path));
        Assert.Empty(ReadOnly.Except(Paths(name, "ReadonlyPaths")));
    }

    [Fact]
    public void CVE_2015_3630_CVE_2017_16539_GHSA_jq35_No_file_of_the_kernel_is_written()
    {
        string tools = Ground.HostFolder();
        Tool.Make("writable", tools);

        Assert.Equal("looked", Said("/tools/writable", tools));
        Assert.Equal("looked", Said("/tools/writable", tools, "--cap-add", "DAC_READ_SEARCH", "--cap-add", "NET_ADMIN"));
    }

    /// <remarks>Docker's containers are in the host's cgroup namespace where cgroup v1 is: with SYS_ADMIN they reach it.</remarks>
    [Fact]
    public void CVE_2022_0492_A_release_agent_is_not_reached()
    {
        string tools = Ground.HostFolder();
        Tool.Make("release", tools);
        string[] hierarchies =
        [
            .. File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Where(words => words[2] == "cgroup").Select(words => Path.GetFileName(words[1])),
        ];
        string[] open = ["--security-opt", "seccomp=unconfined"];
        string[][] flags = [[], open, [.. open, "--cap-add", "SYS_ADMIN"], ["--privileged", "--security-opt", "seccomp=unconfined"]];

        Assert.Equal("", Ground.Shell("find /sys/fs/cgroup -name release_agent"));
        foreach (string[] rights in flags)
        {
            foreach (string own in (string[])["-", ""])
            {
                Outcome outcome = Ground.Run(
                    [.. rights, "-v", $"{tools}:/tools", Subject.Image, "/tools/release", .. own.Length > 0 ? [own] : Array.Empty<string>(), .. hierarchies]);
                Assert.Equal(0, outcome.ExitCode);
                Assert.True(
                    !outcome.Text.Contains("RELEASE AGENT", StringComparison.Ordinal) || (Subject.Reference is not null && rights.Length > 2), outcome.Text);
                Assert.True(rights.Length > 0 || !outcome.Text.Contains("mounted", StringComparison.Ordinal), outcome.Text);
            }
        }
    }

    private string Said(string program, string tools, params string[] flags) =>
        Ground.Run([.. flags, "-v", $"{tools}:/tools", Subject.Image, program, "/proc", "/sys"]).Text.TrimEnd();

    private string[] Paths(string name, string field) =>
        Subject.Look(name, $"{{{{range .HostConfig.{field}}}}}{{{{.}}}} {{{{end}}}}").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
