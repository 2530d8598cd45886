// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Engine.Containers;

namespace Tare.Cli.Tests.Commands;

public class RunFlagsTests
{
    [Fact]
    public void A_whole_command_line_becomes_a_request()
    {
        RunRequest request = Parse(
            "-it --rm --name web -e A=1 -w /srv -u 1000:50 --entrypoint /bin/sh -h box -v /a:/b:ro --tmpfs /run --read-only "
            + "--cap-add NET_ADMIN --cap-drop=ALL --security-opt no-new-privileges --ulimit nofile=10:20 -m 64m --memory-swap -1 "
            + "--cpus 1.5 --cpu-shares 512 --cpuset-cpus 0 --pids-limit 20 --network none --init --stop-signal SIGINT -l a=b "
            + "--platform linux/amd64 --pull never --shm-size 1m --sysctl net.x=1 --group-add audio --cgroup-parent /tenants/a --device /dev/null -q busybox ls -l /");

        Assert.Equal("busybox", request.Image);
        Assert.Equal(["ls", "-l", "/"], request.Command);
        Assert.True(request is { Interactive: true, Tty: true, AutoRemove: true, ReadOnly: true, Init: true, Quiet: true, Privileged: false });
        Assert.Equal(("web", "/srv", "1000:50", "/bin/sh", "box"), (request.Name, request.WorkingDirectory, request.User, request.Entrypoint, request.Hostname));
        Assert.Equal((64L << 20, -1L, 1_500_000_000L, 512L, 20L), (request.Memory, request.MemorySwap, request.NanoCpus, request.CpuShares, request.PidsLimit));
        Assert.Equal(["/b", "/run"], request.Mounts.Select(mount => mount.Target));
        Assert.Equal(("0", "none", "SIGINT", "linux/amd64", PullPolicy.Never), (request.CpusetCpus, request.Network, request.StopSignal, request.Platform, request.Pull));
        Assert.Equal("/tenants/a", request.CgroupParent);
        Assert.Equal("b", request.Labels["a"]);
        Assert.Equal("1", request.Sysctls["net.x"]);
        Assert.Equal(new UlimitRequest("nofile", 10, 20), Assert.Single(request.Ulimits));
    }

    [Fact]
    public void What_was_not_said_is_left_open()
    {
        RunRequest request = Parse("busybox");

        Assert.Null(request.Entrypoint);
        Assert.Null(request.Memory);
        Assert.Null(request.Init);
        Assert.Equal(0, request.ShmSize);
        Assert.Null(request.CgroupParent);
        Assert.Empty(request.Command);
        Assert.Equal(PullPolicy.Missing, request.Pull);
    }

    [Fact]
    public void No_init_can_be_asked_for() => Assert.False(Parse("--init=false busybox").Init);

    [Theory]
    [InlineData("--cpus 1 --cpu-quota 5 busybox")]
    [InlineData("-w srv busybox")]
    [InlineData("-v /a:/b --tmpfs /b/ busybox")]
    [InlineData("--pull sometimes busybox")]
    [InlineData("-m 12x busybox")]
    [InlineData("--cgroup-parent /a/../../b busybox")]
    [InlineData("--pids-limit 5000000000 busybox")]
    public void A_contradiction_is_refused_with_125(string line) =>
        Assert.Equal(125, Assert.Throws<UsageException>(() => Parse(line)).ExitCode);

    private static RunRequest Parse(string line) =>
        RunFlags.ToRequest(new ArgumentParser(RunFlags.All, stopsAtOperand: true).Parse(line.Split(' ')));
}
