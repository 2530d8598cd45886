// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Conformance.Wall;

/// <summary>An image that says what it may do, and values too long for whoever cuts them.</summary>
public sealed class MetadataWall(Ground ground) : WallTests(ground)
{
    private const string Audit =
        "( grep -E '^(Cap|NoNewPrivs|Seccomp|Groups|Uid)' /proc/self/status; cut -d' ' -f4- /proc/self/mountinfo | sed 's/[0-9a-f]\\{64\\}/ID/g; s/lowerdir.*//; s/[^ ]*tare-conformance[^ ]*//g'; " +
        "cat /proc/self/uid_map /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward /proc/self/oom_score_adj; ulimit -a; ls /dev /sys/class/net; " +
        "cat /proc/self/cgroup | sed 's/[0-9a-f]\\{64\\}/ID/g' ) | sed -E 's/([ug]id=)[0-9]+/\\1N/g; s/[0-9]{10} +65536$/N 65536/'";

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel"] = "true",
        ["io.kubernetes.cri-o.UnifiedCgroup"] = "memory.max=max",
        ["io.kubernetes.cri-o.userns-mode"] = "host",
        ["io.kubernetes.cri-o.Devices"] = "/dev/vda:/dev/vda:rwm",
        ["io.kubernetes.cri-o.cap-add"] = "ALL",
        ["io.kubernetes.cri-o.ShmSize"] = "1g",
        ["io.kubernetes.container.apparmor.security.beta"] = "unconfined",
        ["seccomp.security.alpha.kubernetes.io/pod"] = "unconfined",
        ["container.apparmor.security.beta.kubernetes.io/x"] = "unconfined",
        ["io.podman.annotations.privileged"] = "TRUE",
        ["io.podman.annotations.seccomp"] = "unconfined",
        ["io.podman.annotations.label"] = "disable",
        ["io.podman.annotations.userns"] = "host",
        ["io.podman.annotations.init"] = "TRUE",
        ["io.podman.annotations.pids-limit"] = "-1",
        ["PODMAN_USERNS"] = "host",
        ["run"] = "podman run --privileged IMAGE",
        ["RUN"] = "docker run --privileged IMAGE",
        ["run.oci.hooks.stderr"] = "/hook",
        ["run.oci.mount_context_type"] = "context",
        ["run.oci.seccomp.receiver"] = "/tmp/s",
        ["run.oci.systemd.subgroup"] = "x",
        ["run.oci.keep_original_groups"] = "1",
        ["run.oci.handler"] = "krun",
        ["module.wasm.image/variant"] = "compat",
        ["org.systemd.property.ExecStart"] = "'/bin/touch /x'",
        ["org.systemd.property.DevicePolicy"] = "'auto'",
        ["cdi.k8s.io/vendor"] = "vendor.com/class=all",
        ["io.containerd.image-volume"] = "/",
        ["containerd.io/restart.policy"] = "always",
        ["io.containerd.runc.v2.group"] = "x",
        ["com.docker.sandbox"] = "false",
        ["com.docker.engine.privileged"] = "true",
        ["com.docker.network.bridge.name"] = "x",
        ["org.criu.config"] = "/x",
        ["devices.nvidia.com/gpu"] = "all",
        ["sysctl"] = "kernel.msgmax=1+kernel.core_pattern=x",
    };

    [Fact]
    public void CVE_2014_6408_CVE_2026_53488_CVE_2026_53492_CVE_2023_6476_CVE_2022_0811_CVE_2024_3154_CVE_2022_27652_What_an_image_says_about_itself_grants_nothing()
    {
        string labels = JsonSerializer.Serialize(Labels);
        string image = new EvilImage().Configured(
            $$"""
            {"Labels":{{labels}},"Annotations":{{labels}},"Privileged":true,"CapAdd":["ALL"],"SecurityOpt":["seccomp=unconfined"],
            "HostConfig":{"Privileged":true,"CapAdd":["ALL"],"NetworkMode":"host","PidMode":"host","Binds":["/:/host"],"Sysctls":{"kernel.msgmax":"1"},
            "Devices":[{"PathOnHost":"/dev/vda","PathInContainer":"/dev/vda","CgroupPermissions":"rwm"}],"UsernsMode":"host" },
            "Sysctls":{"kernel.msgmax":"1"},"NetworkMode":"host","Binds":["/:/host"],"Hooks":{"Prestart":[{"Path":"/bin/true"}] } }
            """).LoadInto(Subject);
        string plain = new EvilImage().LoadInto(Subject);

        string expected = Ground.Run("-h", "box", plain, "sh", "-c", Audit).Text;
        Assert.Contains("CapEff", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Ground.Run("-h", "box", image, "sh", "-c", Audit).Text);
    }

    /// <summary>Numbers, names and paths of more than 64 KiB are refused, not cut.</summary>
    /// <remarks>Docker 28 hangs at some of them and takes the name.</remarks>
    [Theory]
    [InlineData("-w", "/{0}")]
    [InlineData("-v", "/tmp:/{0}")]
    [InlineData("--tmpfs", "/{0}")]
    [InlineData("-h", "{0}")]
    [InlineData("-u", "{0}")]
    [InlineData("-u", "1{1}")]
    [InlineData("--group-add", "1{1}")]
    [InlineData("--device", "/dev/zero:/dev/{0}")]
    [InlineData("--sysctl", "net.ipv4.{0}=1")]
    [InlineData("--name", "{0}")]
    public void CVE_2021_43784_A_value_of_more_than_64_KiB_is_refused(string flag, string value)
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker hangs");
        string text = string.Format(null, value, new string('x', 66_000), new string('0', 66_000));

        Ground.AssertRefused(Ground.Run(flag, text, Subject.Image, "true"), flag);
    }

    /// <summary>A process that looks at a container runs nothing of it and does not enter it.</summary>
    [Fact]
    public void CVE_2022_1227_Looking_at_processes_runs_nothing_of_the_container()
    {
        Assert.SkipWhen(Subject.Reference is not null, "docker's daemon is not traced");
        const string Trap = "#!/bin/sh\ntouch /caught\n";
        var image = new EvilImage();
        foreach (string path in (string[])["bin/ps", "usr/bin/ps", "sbin/ps", "bin/getent", "lib/libnss_files.so.2", "lib/x86_64-linux-gnu/libc.so.6"])
        {
            image.File(path, Trap, 0b111_101_101);
        }

        string evil = image.Link("etc/passwd", $"{Canary.Folder}/file").LoadInto(Subject);
        string name = Subject.Name("looked-at");
        Subject.Ask("run", "-d", "--name", name, evil, "sleep", "1000");
        string trace = Path.Combine(Ground.HostFolder(), "trace");

        using Conversation top = Subject.Program.Start(
            "strace", "-f", "-o", trace, "-e", "trace=execve,setns,chroot,pivot_root", Subject.Program.Program, "top", name);
        top.Close();

        Assert.Contains("sleep 1000", top.End().Text, StringComparison.Ordinal);
        Assert.Equal(1, Ground.Exec(name, "test", "-e", "/caught").ExitCode);
        string[] calls = [.. File.ReadLines(trace).Where(line => line.Contains('(', StringComparison.Ordinal))];
        Assert.Single(calls);
        Assert.Contains("execve", calls[0], StringComparison.Ordinal);
    }
}
