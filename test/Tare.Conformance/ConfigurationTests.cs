// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>The configuration file, seen from outside.</summary>
[Trait("ring", "kernel")]
public sealed class ConfigurationTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private const string Facts = "ulimit -Sn; ulimit -Hn; df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2; echo $$";

    [Fact]
    public void A_container_gets_what_the_machine_has_decided()
    {
        string config = Write(
            """{"default-ulimits": {"nofile": {"Soft": 100, "Hard": 200}}, "default-shm-size": "1m", "init": true}""");

        string[] facts = Succeed(config, "run", "--rm", "busybox", "sh", "-c", Facts).Split('\n');

        Assert.Equal(["100", "200", "1024"], facts[..3]);
        Assert.NotEqual("1", facts[3]);
    }

    [Fact]
    public void What_the_command_line_says_wins()
    {
        string config = Write(
            """{"default-ulimits": {"nofile": {"Soft": 100, "Hard": 200}}, "default-shm-size": "1m", "init": true}""");

        string facts = Succeed(
            config, "run", "--rm", "--ulimit", "nofile=50:60", "--shm-size", "2m", "--init=false", "busybox", "sh", "-c", Facts);

        Assert.Equal("50\n60\n2048\n1\n", facts);
    }

    [Fact]
    public void The_store_may_stand_where_the_file_says()
    {
        string folder = store.HostFolder();
        string config = Write($$"""{"data-root": "{{folder}}/root", "exec-root": "{{folder}}/run"}""");

        using Conversation run = store.Tare.Start(
            "env", "-u", "TARE_ROOT", "-u", "TARE_RUN", TareBinary.Path, "--config", config, "info");
        run.Expect($"Root Dir: {folder}/root\nRun Dir: {folder}/run\nConfig File: {config}\nLogging Driver: json-file\n");
        run.Close();

        Assert.Equal(0, run.End().ExitCode);
        Assert.True(Directory.Exists($"{folder}/root/containers"));
    }

    [Theory]
    [InlineData(1, "images")]
    [InlineData(1, "info")]
    [InlineData(125, "run", "busybox")]
    public void A_wrong_file_is_an_error_of_every_command_that_needs_it(int code, params string[] args)
    {
        string config = Write("{\n  \"default-shm-sise\": 1\n}");

        using Conversation run = store.Tare.Start("env", ["-u", "TARE_ROOT", TareBinary.Path, "--config", config, .. args]);
        run.Close();
        Outcome outcome = run.End();

        Assert.Equal(code, outcome.ExitCode);
        Assert.Equal(
            $"tare: config {config}: line 2, column 3: unknown key \"default-shm-sise\"\nhint: did you mean \"default-shm-size\"?\n",
            outcome.Error);
    }

    [Fact]
    public void A_shell_completes_the_flags_before_the_command()
    {
        const string Ask = "source <(tare completion bash); COMP_LINE='tare --conf'; COMP_POINT=11; _tare; echo \"${COMPREPLY[@]}\"";
        using Conversation run = store.Tare.Start(
            "env", $"PATH={Path.GetDirectoryName(TareBinary.Path)}:/usr/bin:/bin", "bash", "-c", Ask);
        run.Close();

        Assert.Equal("--config\n", run.End().Text);
    }

    private string Succeed(string config, params string[] args) => store.Tare.Succeed(["--config", config, .. args]);

    private string Write(string text)
    {
        string path = Path.Combine(store.HostFolder(), "config");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
