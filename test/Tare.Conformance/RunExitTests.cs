// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class RunExitTests(Busybox busybox) : IClassFixture<Busybox>
{
    [Theory]
    [InlineData(0, "true")]
    [InlineData(1, "false")]
    [InlineData(7, "sh", "-c", "exit 7")]
    [InlineData(255, "sh", "-c", "exit 255")]
    [InlineData(137, "sh", "-c", "sh -c 'kill -9 $$'; exit $?")]
    public void The_exit_code_is_the_containers(int code, params string[] command) =>
        Assert.Equal(code, busybox.Run("", command).ExitCode);

    [Theory]
    [InlineData(137, "kill -9 $$")]
    [InlineData(143, "kill -TERM $$")]
    public void A_signal_that_ended_it_is_128_and_its_number(int code, string script) =>
        Assert.Equal(code, busybox.Run("--init", "sh", "-c", script).ExitCode);

    [Theory]
    [InlineData(127, "absent")]
    [InlineData(127, "/bin/absent")]
    [InlineData(126, "/opt/plain")]
    [InlineData(126, "/opt")]
    public void A_command_that_cannot_be_executed_is_126_or_127_and_named(int code, string command)
    {
        Outcome outcome = busybox.Run("", command);

        Assert.Equal(code, outcome.ExitCode);
        Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(command, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("-u nobody-knows", "nobody-knows")]
    [InlineData("-u 99999999999", "99999999999")]
    [InlineData("-m 1", "")]
    [InlineData("--cpuset-cpus 4000", "4000")]
    [InlineData("--cap-add NO_SUCH_CAP", "NO_SUCH_CAP")]
    [InlineData("--security-opt nonsense", "nonsense")]
    [InlineData("--network no-such-net", "no-such-net")]
    [InlineData("--mount type=bind,source=/no/such/source,target=/x", "/no/such/source")]
    [InlineData("--pull never --platform plan9/amd64", "plan9")]
    [InlineData("--stop-signal SIGNONE", "SIGNONE")]
    [InlineData("--name ?", "?")]
    public void What_the_engine_refuses_is_125_with_the_reason(string flags, string named)
    {
        Outcome outcome = busybox.Run(flags, "true");

        Assert.Equal(125, outcome.ExitCode);
        Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_not_here_is_125()
    {
        Outcome outcome = busybox.Tare.Run("run", "--rm", "--pull", "never", "absent", "true");

        Assert.Equal(125, outcome.ExitCode);
        Assert.Contains("absent", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_throw_away_container_leaves_nothing()
    {
        busybox.Run("-v /data --tmpfs /t -m 64m", "sh", "-c", "echo x > /file");
        busybox.Run("-v /data", "absent");

        Assert.Equal("", busybox.Tare.Succeed("ps", "-aq"));
        Assert.Empty(Left(busybox.Tare.Root, "containers"));
        Assert.Empty(Left(busybox.Tare.RunFolder, "containers"));
        Assert.Empty(Left(busybox.Tare.RunFolder, "ops"));
        Assert.DoesNotContain(busybox.Tare.Folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private static string[] Left(string root, string folder)
    {
        string path = Path.Combine(root, folder);
        return Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
    }
}
