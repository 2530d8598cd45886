// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Oci;

/// <summary>podman drives the program as its runtime: through conmon, with a terminal, exec, limits, pause, restart.</summary>
/// <remarks>podman asks for limits that a host may not have, so each container is given some.</remarks>
[Trait("ring", "kernel")]
public sealed class OciPodmanTests : IDisposable
{
    private const string Image = "busybox";

    private static readonly string[] Asked = ["--network", "none", "--ulimit", "nofile=1000:1000", "--ulimit", "nproc=1000:1000"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tare-podman-").FullName;

    public OciPodmanTests()
    {
        File.CreateSymbolicLink($"{_folder}/tare-oci", TareBinary.Path);
        File.WriteAllText($"{_folder}/containers.conf", """
            [containers]
            default_ulimits = ["nofile=1000:1000", "nproc=1000:1000"]
            """);
        File.WriteAllBytes($"{_folder}/busybox.tar", BusyboxTar.Bytes);
        Assert.Equal(0, Run("import", $"{_folder}/busybox.tar", Image).ExitCode);
    }

    public void Dispose()
    {
        Run("rm", "--force", "--all", "--time", "0");
        Process.Start("umount", ["-q", $"{_folder}/root/vfs", $"{_folder}/root"]).WaitForExit();
        for (int i = 0; Directory.Exists(_folder); i++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (i < 100)
            {
                // what conmon starts at the end of a container still writes here
                Thread.Sleep(50);
            }
        }
    }

    [Fact]
    public void A_container_runs_to_its_end()
    {
        Outcome outcome = Run(["run", "--rm", .. Asked, Image, "sh", "-c", "echo out; exit 7"]);

        Assert.Equal((7, "out\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void What_is_missing_is_told_with_its_code()
    {
        Outcome outcome = Run(["run", "--rm", .. Asked, Image, "no-such-program"]);

        Assert.Equal(127, outcome.ExitCode);
        Assert.Contains("executable file not found in $PATH", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_in_the_background_is_looked_into_paused_limited_and_restarted()
    {
        Assert.Equal(0, Run(["run", "--detach", "--name", "one", "--memory", "64m", .. Asked, Image, "sleep", "1000"]).ExitCode);

        Assert.Equal(4, Run("exec", "one", "sh", "-c", "exit 4").ExitCode);
        Assert.Equal(0, Run("pause", "one").ExitCode);
        Assert.Equal("paused\n", Run("inspect", "--format", "{{.State.Status}}", "one").Text);
        Assert.Equal(0, Run("unpause", "one").ExitCode);
        Assert.Contains("67.11MB", Run("stats", "--no-stream", "--format", "{{.MemUsage}}", "one").Text, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", Run("top", "one", "pid", "args").Text, StringComparison.Ordinal);
        Assert.Equal(0, Run("restart", "--time", "0", "one").ExitCode);
        Assert.Equal(0, Run("stop", "--time", "0", "one").ExitCode);
        Assert.Equal("exited\n", Run("inspect", "--format", "{{.State.Status}}", "one").Text);
        Assert.Equal(0, Run("start", "one").ExitCode);
        Assert.Equal(0, Run("rm", "--force", "--time", "0", "one").ExitCode);
    }

    [Fact]
    public void A_terminal_reaches_the_container()
    {
        string command = string.Join(' ', Words(["run", "--rm", "-it", .. Asked, Image, "sh", "-c", "'sleep 1; tty; sleep 1'"]).Prepend("podman"));

        // podman leaves when its input ends, perhaps before it has shown what was said
        Outcome outcome = RunProgram("sh", ["-c", $"sleep 4 | script -qec \"{command}\" /dev/null"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("/dev/pts/0", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_podman_mounts_and_drops_is_so()
    {
        Outcome outcome = Run(
        [
            "run", "--rm", "--read-only", "--cap-drop", "ALL", "--user", "1000:1000", "--tmpfs", "/t:size=1m",
            "--volume", $"{_folder}:/v:ro", .. Asked, Image,
            "sh", "-c", "id -u; grep CapEff /proc/self/status; echo a > /t/b && echo written; echo a > /v/b || echo read-only",
        ]);

        Assert.Equal(["1000", "CapEff:\t0000000000000000", "written", "read-only"], outcome.Text.Trim().Split('\n'));
    }

    [Fact]
    public void An_init_of_podman_is_the_first_process()
    {
        Outcome outcome = Run(["run", "--rm", "--init", "--init-path", Init(), .. Asked, Image, "sh", "-c", "cat /proc/1/cmdline; exit 5"]);

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("init\0--\0sh\0-c\0", outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0:1879048192:65536")]
    [InlineData("0:1879048192:1,1:1889048192:1000")]
    public void Mapped_users_have_an_image_with_their_ids(string maps)
    {
        string[] flags = [.. maps.Split(',').SelectMany(map => (string[])["--uidmap", map, "--gidmap", map])];

        Outcome outcome = Run(
            ["run", "--rm", .. flags, .. Asked, Image, "sh", "-c", "tr -s ' ' < /proc/self/uid_map; stat -c %u /bin; echo a > /mine && stat -c %u:%g /mine"]);

        string[] expected = [.. maps.Split(',').Select(map => $" {map.Replace(':', ' ')}"), "0", "0:0"];
        Assert.Equal(expected, outcome.Text.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_pod_is_one_set_of_namespaces()
    {
        // with v2 podman 4 makes a cgroup of the pod that denies every device, under any runtime
        Outcome made = Run(
            "pod", "create", "--name", "pod", "--infra-image", Image, "--infra-command", "sleep 1000", "--network", "none",
            "--share", "net,ipc,uts,pid", "--share-parent=false");
        Assert.True(made.ExitCode == 0, made.Error);
        Outcome started = Run(["run", "--detach", "--pod", "pod", "--name", "first", .. Asked[2..], Image, "sleep", "2000"]);
        Assert.True(started.ExitCode == 0, started.Error);

        Outcome second = Run(["run", "--rm", "--pod", "pod", .. Asked[2..], Image, "sh", "-c", "hostname; ps -o args"]);
        string[] spaces = [.. new[] { "net", "ipc", "uts", "pid", "mnt" }.Select(space => Run("exec", "first", "readlink", $"/proc/self/ns/{space}").Text)];
        string[] others = [.. new[] { "net", "ipc", "uts", "pid", "mnt" }.Select(space =>
            Run(["run", "--rm", "--pod", "pod", .. Asked[2..], Image, "readlink", $"/proc/self/ns/{space}"]).Text)];

        Assert.StartsWith("pod\n", second.Text, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", second.Text, StringComparison.Ordinal);
        Assert.Contains("sleep 2000", second.Text, StringComparison.Ordinal);
        Assert.Equal(spaces[..4], others[..4]);
        Assert.NotEqual(spaces[4], others[4]);
        Assert.Equal(0, Run("pod", "pause", "pod").ExitCode);
        Assert.Equal(0, Run("pod", "unpause", "pod").ExitCode);
        Assert.Equal(0, Run("pod", "rm", "--force", "--time", "0", "pod").ExitCode);
    }

    [Fact]
    public void Limits_change_while_it_runs()
    {
        Assert.Equal(0, Run(["run", "--detach", "--name", "limits", "--memory", "64m", .. Asked, Image, "sleep", "1000"]).ExitCode);

        Outcome outcome = Run("update", "--memory", "96m", "--cpus", "0.5", "limits");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Outcome limit = Run("exec", "limits", "sh", "-c", "cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max");
        Assert.Equal("100663296\n", limit.Text);
    }

    /// <summary>A small program that starts what it is told to and waits for it, as what podman has for that does; busybox is no init.</summary>
    private string Init()
    {
        string file = $"{_folder}/init-program";
        File.WriteAllText(file, "#!/bin/sh\nshift\n\"$@\"\n");
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        return file;
    }

    private Outcome Run(params string[] args) => RunProgram("podman", Words(args));

    private string[] Words(string[] args) =>
    [
        "--root", $"{_folder}/root", "--runroot", $"{_folder}/run", "--tmpdir", $"{_folder}/tmp", "--storage-driver", "vfs",
        "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--runtime", $"{_folder}/tare-oci", .. args,
    ];

    /// <summary>conmon keeps what it is given, so the streams are files.</summary>
    private Outcome RunProgram(string program, string[] args)
    {
        string name = $"{_folder}/{Guid.NewGuid():N}";
        var start = new ProcessStartInfo(
            "timeout", ["60", "sh", "-c", $"exec \"$@\" >{name}.out 2>{name}.err </dev/null", "sh", program, .. args]);

        // for the container of a pod, which no flag reaches
        start.Environment["CONTAINERS_CONF"] = $"{_folder}/containers.conf";
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return new(process.ExitCode, File.ReadAllBytes($"{name}.out"), File.ReadAllText($"{name}.err"));
    }
}
