// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>The launcher and the keeper, in native programs as they are in real life.</summary>
[Trait("ring", "kernel")]
public partial class LauncherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly string Repository = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(TareBinary.Path)))!;
    private static readonly string Prove = Path.Combine(Repository, "out/prove/tare-prove");

    [Fact]
    public void Launch_programs_and_keepers_do_what_they_promise()
    {
        Outcome outcome = Run(Prove, "scenarios");

        Assert.DoesNotContain("FAILED", outcome.Text, StringComparison.Ordinal);
        Assert.True(outcome.ExitCode == 0 && outcome.Text.Contains("ok ", StringComparison.Ordinal), outcome.Error);
    }

    [Fact]
    public void No_launch_hangs_beside_threads_that_allocate_and_collect() => Launch(1_000);

    [Fact]
    [Trait("ring", "prove")]
    public void No_launch_of_ten_thousand_hangs() => Launch(10_000);

    private static void Launch(int runs)
    {
        Outcome outcome = Run(Prove, "launches", $"{runs}", "stress");

        Match summary = Summary().Match(outcome.Text);
        Assert.True(summary.Success, outcome.Text + outcome.Error);
        Assert.Equal((runs, 0, 0), (Number("runs"), Number("hung"), Number("bad")));
        Assert.True(Number("collections") > 0, outcome.Text);
        TestContext.Current.SendDiagnosticMessage(outcome.Text);

        int Number(string group) => int.Parse(summary.Groups[group].ValueSpan);
    }

    private static Outcome Run(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using var watchdog = new Timer(_ => process.Kill(entireProcessTree: true), null, Patience, Timeout.InfiniteTimeSpan);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, System.Text.Encoding.UTF8.GetBytes(output), error.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"launches (?<runs>\d+) .*hung (?<hung>\d+) bad (?<bad>\d+) collections (?<collections>\d+)")]
    private static partial Regex Summary();
}
