// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary>What people see of a build on a terminal and elsewhere, and <c>--on-error shell</c>.</summary>
[Trait("ring", "kernel")]
public sealed class BuildEntryTests(BuildGround ground) : IClassFixture<BuildGround>
{
    [Fact]
    public void A_step_that_failed_is_entered_with_its_files_and_variables()
    {
        string context = ground.Context(
            "FROM busybox\nENV WHO=step\nRUN echo before > /before\nRUN --mount=type=bind,source=Dockerfile,target=/seen echo half > /half; exit 3\n");

        Outcome outcome = ground.Tare.RunOnTerminal(
            24, 100, ["build", "--network", "none", "--progress", "plain", "--on-error", "shell", context],
            answerTo: "exit ends the build:", answer: "cat /before /half; echo $WHO; head -n1 /seen; tty\nexit\n");

        Assert.Equal(1, outcome.ExitCode);
        string shown = outcome.Text.Replace("\r", "", StringComparison.Ordinal);
        Assert.Contains("before\nhalf\nstep\nFROM busybox\n/dev/", shown, StringComparison.Ordinal);
        Assert.Contains("did not complete successfully: exit code: 3", shown, StringComparison.Ordinal);
        Assert.Equal("", ground.Tare.Succeed("ps", "-aq"));
        ground.Tare.Succeed("system", "check");
    }

    [Fact]
    public void Without_a_terminal_that_is_said_before_anything_is_built()
    {
        Outcome outcome = ground.Tare.Run("build", "--on-error", "shell", ground.Context("FROM busybox\nRUN false\n"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("--on-error shell: standard input and output are no terminal", outcome.Error, StringComparison.Ordinal);
        BusyboxStore.AssertClear(outcome);
    }

    [Fact]
    public void On_a_terminal_the_display_is_written_again_in_place()
    {
        string context = ground.Context("FROM busybox\nRUN echo shown; sleep 1\n");

        Outcome outcome = ground.Tare.RunOnTerminal(24, 60, ["build", "--network", "none", "-t", "terminal", context]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("[+] Building ", outcome.Text, StringComparison.Ordinal);
        Assert.Contains(" => => # shown", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("A\r\e[J", outcome.Text, StringComparison.Ordinal);
        string last = outcome.Text[outcome.Text.LastIndexOf("[+] Building ", StringComparison.Ordinal)..];
        Assert.Matches(@"^\[\+\] Building [\d.]+s \(\d/\d\) FINISHED", last);
        Assert.All(last.Split('\n'), static line => Assert.True(line.TrimEnd('\r').Length < 60, line));
    }

    [Fact]
    public void Without_one_it_is_plain_and_tty_is_refused()
    {
        string context = ground.Context("FROM busybox\nRUN echo words\n");

        string plain = ground.Build(context, "--network", "none");
        Outcome tty = ground.Tare.Run("build", "--progress", "tty", context);

        Assert.Matches(@"#\d+ \[2/2\] RUN echo words\n#\d+ [\d.]+ words\n#\d+ DONE [\d.]+s\n", plain);
        Assert.Equal(1, tty.ExitCode);
        Assert.Contains("no terminal", tty.Error, StringComparison.Ordinal);
        Assert.Equal("", ground.Build(context, "--network", "none", "--progress", "quiet"));
    }

    [Fact]
    public void Raw_json_is_a_line_for_each_change()
    {
        string context = ground.Context("FROM busybox\nRUN echo raw\n");

        string[] lines = ground.Build(context, "--network", "none", "--progress", "rawjson").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, static line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        Assert.Contains(lines, static line => line.Contains("\"name\":\"[2/2] RUN echo raw\"", StringComparison.Ordinal) && line.Contains("\"completed\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"\"data\":\"{Convert.ToBase64String("raw\n"u8)}\"", StringComparison.Ordinal));
    }
}
