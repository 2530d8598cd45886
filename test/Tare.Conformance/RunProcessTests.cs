// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Environment, working directory, users, entry point and names of <c>tare run</c>.</summary>
[Trait("ring", "kernel")]
public sealed class RunProcessTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    [Fact]
    public void The_environment_is_small()
    {
        Assert.Equal(
            "HOME=/root\nHOSTNAME=here\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
            Sorted(store.Run("-h", "here", "busybox", "env")));
        Assert.Contains("HOME=/home/user\n", store.Run("-u", "user", "busybox", "env").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_is_set_taken_from_the_host_or_read_from_a_file()
    {
        string file = Path.Combine(store.HostFolder(), "env");
        File.WriteAllText(file, "# comment\nFROM_FILE=a b\n\nTARE_ROOT\nNOT_SET_ANYWHERE\n");

        string env = store.Run("-e", "A=1=2", "-e", "TARE_RUN", "-e", "NOT_SET_EITHER", "-e", "HOME=/x", "--env-file", file, "busybox", "env").Text;

        Assert.Contains("A=1=2\n", env, StringComparison.Ordinal);
        Assert.Contains($"TARE_RUN={store.Tare.RunFolder}\n", env, StringComparison.Ordinal);
        Assert.Contains("FROM_FILE=a b\n", env, StringComparison.Ordinal);
        Assert.Contains($"TARE_ROOT={store.Tare.Root}\n", env, StringComparison.Ordinal);
        Assert.Contains("HOME=/x\n", env, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT_SET", env, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_cannot_ask_for_a_variable_of_the_host()
    {
        Outcome imported = store.Tare.Run(["import", "-c", "ENV TARE_ROOT=image", "-", "nosy"], BusyboxTar.Bytes);
        Assert.Equal(0, imported.ExitCode);

        Assert.Contains("TARE_ROOT=image\n", store.Run("nosy", "env").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_working_directory_is_made_when_missing()
    {
        Assert.Equal("/new/place\n0:0 755\n", store.Run("-w", "/new/place", "busybox", "sh", "-c", "pwd; stat -c '%u:%g %a' .").Text);
    }

    [Fact]
    public void A_working_directory_behind_a_link_stays_inside()
    {
        string name = $"tare-{Guid.NewGuid():N}";

        Assert.Equal($"/tmp/{name}\n", store.Run("-w", $"/way-out/{name}", "busybox", "pwd", "-P").Text);
        Assert.False(Directory.Exists($"/tmp/{name}"));
    }

    [Fact]
    public void A_working_directory_through_a_descriptor_is_refused()
    {
        for (int fd = 0; fd < 12; fd++)
        {
            Outcome outcome = store.Run("-w", $"/proc/self/fd/{fd}", "busybox", "pwd");
            Assert.InRange(outcome.ExitCode, 125, 127);
            Assert.Empty(outcome.Text);
            BusyboxStore.AssertClear(outcome);
        }
    }

    [Theory]
    [InlineData("0", "0:0 0")]
    [InlineData("user", "1000:1000 1000 2000")]
    [InlineData("1000", "1000:1000 1000 2000")]
    [InlineData("1000:extra", "1000:2000 2000")]
    [InlineData("4242", "4242:0 0")]
    [InlineData("4242:17", "4242:17 17")]
    [InlineData("user:0", "1000:0 0")]
    [InlineData("2147483647", "2147483647:0 0")]
    public void A_user_is_a_name_or_a_number(string user, string ids)
    {
        Assert.Equal($"{ids}\n", store.Shell("echo $(id -u):$(id -g) $(id -G)", "-u", user));
    }

    [Fact]
    public void More_groups_can_be_joined()
    {
        Assert.Equal("0 2000 77 ", store.Shell("id -G | tr ' ' '\\n' | sort | tr '\\n' ' '", "--group-add", "extra", "--group-add", "77"));
    }

    [Fact]
    public void The_entry_point_is_replaced()
    {
        Assert.Equal("a b\n", store.Run("--entrypoint", "echo", "busybox", "a", "b").Text);
        Assert.Equal(0, store.Tare.Run(["import", "-c", "ENTRYPOINT [\"echo\",\"hi\"]", "-c", "CMD [\"there\"]", "-", "hello"], BusyboxTar.Bytes).ExitCode);
        Assert.Equal("hi there\n", store.Run("hello").Text);
        Assert.Equal("hi you\n", store.Run("hello", "you").Text);
        Assert.Equal("\n", store.Run("--entrypoint", "echo", "hello").Text);
        Assert.Equal("x\n", store.Run("--entrypoint", "", "hello", "echo", "x").Text);
    }

    [Fact]
    public void The_host_name_is_the_short_id_or_what_was_asked()
    {
        Assert.Matches("^([0-9a-f]{12})\n\\1\n\\1\n$", store.Shell("hostname; cat /etc/hostname; echo $HOSTNAME"));
        Assert.Equal("my.host\nmy.host\n", store.Shell("hostname; cat /etc/hostname", "-h", "my.host"));
        Assert.Contains("127.0.0.1\tlocalhost\n", store.Shell("cat /etc/hosts"), StringComparison.Ordinal);
        store.Shell("test -f /etc/resolv.conf && echo changed >>/etc/hosts");
    }

    [Fact]
    public void What_was_said_is_in_inspect()
    {
        store.Tare.Succeed(
            "run", "--name", "said", "--stop-signal", "SIGUSR1", "-l", "a=b", "--label", "c", "-m", "64m", "--cpu-shares", "512", "busybox", "true");

        Assert.Equal(
            "SIGUSR1 b  67108864 512 exited 0 false\n",
            store.Tare.Succeed(
                "inspect", "-f",
                "{{.Config.StopSignal}} {{.Config.Labels.a}} {{.Config.Labels.c}} {{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.State.Status}} {{.State.ExitCode}} {{.State.Running}}",
                "said"));
        store.Tare.Succeed("rm", "said");
    }

    [Fact]
    public void The_id_is_written_to_a_file_that_must_be_new()
    {
        string file = Path.Combine(store.HostFolder(), "cid");

        string host = store.Shell("hostname", "--cidfile", file).Trim();

        Assert.Matches("^[0-9a-f]{64}$", File.ReadAllText(file));
        Assert.StartsWith(host, File.ReadAllText(file), StringComparison.Ordinal);
        store.Refuses(125, "container ID file found", "--cidfile", file, "busybox", "true");
    }

    [Fact]
    public void Pull_never_and_missing_use_what_is_here_and_always_asks_the_registry()
    {
        store.Shell("true", "--pull", "never");
        store.Shell("true", "--pull", "missing");
        store.Tare.Succeed("tag", "busybox", "localhost:1/busybox");
        store.Refuses(125, "pull localhost:1/busybox:latest: localhost:1: connection refused", "--pull", "always", "localhost:1/busybox", "true");
        store.Refuses(125, "unable to find image 'absent' locally", "--pull", "never", "absent", "true");
    }

    [Fact]
    public void The_platform_that_the_image_has_runs()
    {
        string platform = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? "linux/arm64" : "linux/amd64";
        store.Shell("true", "--platform", platform);
    }

    private static string Sorted(Outcome outcome) =>
        string.Concat(outcome.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(line => line + "\n"));
}
