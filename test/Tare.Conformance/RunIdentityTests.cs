// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class RunIdentityTests(Busybox busybox) : IClassFixture<Busybox>
{
    [Fact]
    public void The_environment_is_the_images_then_ours()
    {
        string[] lines = busybox.Shell("-e A=1 -e FROM_IMAGE=no -h box", "env").TrimEnd('\n').Split('\n');

        Assert.Contains("A=1", lines);
        Assert.Contains("FROM_IMAGE=no", lines);
        Assert.Contains("HOSTNAME=box", lines);
        Assert.Contains("HOME=/root", lines);
        Assert.Contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("TERM=", StringComparison.Ordinal) || line.StartsWith("TARE_", StringComparison.Ordinal));
        Assert.Contains("FROM_IMAGE=yes\n", busybox.Shell("", "env"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_env_file_comes_before_single_variables()
    {
        string file = Path.Combine(busybox.Tare.Folder, "env");
        File.WriteAllText(file, "# comment\nA=file\nB=file\n");

        Assert.Equal("flag file\n", busybox.Shell($"--env-file {file} -e A=flag", "echo $A $B"));
    }

    [Theory]
    [InlineData("", "uid=0(root) gid=0(root) groups=0(root)\n")]
    [InlineData("-u guest", "uid=1000(guest) gid=1000(guest) groups=29(audio),1000(guest)\n")]
    [InlineData("-u 1000:29", "uid=1000(guest) gid=29(audio) groups=29(audio)\n")]
    [InlineData("-u 5:6", "uid=5 gid=6 groups=6\n")]
    [InlineData("-u 5:6 --group-add audio --group-add 77", "uid=5 gid=6 groups=6,29(audio),77\n")]
    public void The_user_is_who_was_asked_for(string flags, string expected) => Assert.Equal(
        expected.TrimEnd().Split(',').Order(StringComparer.Ordinal), busybox.Shell(flags, "id").TrimEnd().Split(',').Order(StringComparer.Ordinal));

    [Fact]
    public void The_working_directory_is_made()
    {
        Assert.Equal("/\n", busybox.Shell("", "pwd"));
        Assert.Equal("/not/there\n", busybox.Shell("-w /not/there", "pwd"));
    }

    [Fact]
    public void Entrypoint_and_command_follow_dockers_rules()
    {
        Assert.Equal("a b\n", busybox.Run("--entrypoint echo", "a", "b").Text);
        Assert.Equal("-n\n", busybox.Run("", "sh", "-c", "echo \"$@\"", "--", "--", "-n").Text.Replace("-- ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_alone_in_its_namespaces()
    {
        Assert.Equal("1\n", busybox.Shell("", "echo $$"));
        Assert.Equal("lo\n", busybox.Shell("--network none", "ls /sys/class/net"));
        Assert.NotEqual(File.ReadAllText("/proc/sys/kernel/hostname"), busybox.Shell("", "hostname"));
        Assert.Equal("0::/\n", busybox.Shell("", "grep ^0: /proc/self/cgroup || echo 0::/"));
    }

    [Fact]
    public void Rights_are_dockers_unless_more_or_fewer_are_asked_for()
    {
        const string Show = "grep CapEff /proc/self/status | cut -f2";

        Assert.Equal("00000000a80425fb\n", busybox.Shell("", Show));
        Assert.Equal("0000000000000000\n", busybox.Shell("--cap-drop ALL", Show));
        Assert.Equal("0000000000000001\n", busybox.Shell("--cap-drop ALL --cap-add CHOWN", Show));
        Assert.Equal("0000000000000000\n", busybox.Shell("-u 1000", Show));
        Assert.Equal("2\n", busybox.Shell("", "grep ^Seccomp: /proc/self/status | cut -f2"));
        Assert.Equal(
            "0\n", busybox.Shell("--security-opt seccomp=unconfined", "grep ^Seccomp: /proc/self/status | cut -f2"));
        Assert.Equal(
            "1\n", busybox.Shell("--security-opt no-new-privileges", "grep ^NoNewPrivs: /proc/self/status | cut -f2"));
        Assert.NotEqual(0, busybox.Run("", "mount", "-t", "tmpfs", "none", "/opt").ExitCode);
        Assert.Equal("", busybox.Shell("--privileged", "mount -t tmpfs none /opt"));
    }

    [Fact]
    public void Limits_hold()
    {
        Assert.Equal("123\n", busybox.Shell("--ulimit nofile=123:456", "ulimit -n"));
        Assert.Equal(137, busybox.Run("-m 8m --memory-swap 8m", "sh", "-c", "exec dd if=/dev/zero of=/dev/null bs=64M").ExitCode);
        Assert.NotEqual(
            0, busybox.Run("--pids-limit 5", "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait").ExitCode);
    }

    [Fact]
    public void An_init_reaps_and_passes_the_exit_code_on()
    {
        Assert.Equal(7, busybox.Run("--init", "sh", "-c", "exit 7").ExitCode);
        Assert.NotEqual("1\n", busybox.Shell("--init", "echo $$"));
    }
}
