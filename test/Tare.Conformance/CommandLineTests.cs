// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

public sealed class CommandLineTests : IDisposable
{
    private readonly TareBinary _tare = new();

    public void Dispose() => _tare.Dispose();

    [Fact]
    public void The_version_is_one_line()
    {
        Assert.Matches(@"^Tare version \d+\.\d+\.\d+\n$", _tare.Succeed("--version"));
        Assert.False(Directory.Exists(_tare.Root));
    }

    [Fact]
    public void Help_tells_the_commands()
    {
        string help = _tare.Succeed("--help");

        Assert.Contains("Usage:  tare [OPTIONS] COMMAND", help, StringComparison.Ordinal);
        Assert.Contains("\n  run ", help, StringComparison.Ordinal);
        Assert.Contains("\n  image ", help, StringComparison.Ordinal);
        Assert.Equal(help, _tare.Succeed());
    }

    [Theory]
    [InlineData(125, "unknown flag: --foo", "run", "--foo")]
    [InlineData(125, "unknown shorthand flag: 'x' in -x", "run", "-itx", "busybox")]
    [InlineData(125, "flag needs an argument: --name", "run", "--name")]
    [InlineData(125, "invalid argument \"12x\" for \"-m, --memory\" flag: invalid suffix: 'x'", "run", "-m", "12x", "busybox")]
    [InlineData(125, "unknown flag: --foo", "images", "--foo")]
    [InlineData(1, "'tare run' requires at least 1 argument", "run")]
    [InlineData(1, "unknown command: tare imgaes; did you mean 'tare images'?", "imgaes")]
    public void A_wrong_command_line_has_dockers_exit_code_and_no_trace(int code, string message, params string[] args)
    {
        Outcome outcome = _tare.Run(args);

        Assert.Equal(code, outcome.ExitCode);
        Assert.StartsWith($"tare: {message}\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--help'\n", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public void Man_pages_and_completions_come_from_the_binary()
    {
        string folder = Path.Combine(_tare.Folder, "man");
        _tare.Succeed("man", "--output", folder);

        Assert.Contains(".SH EXAMPLES", File.ReadAllText(Path.Combine(folder, "tare-run.1")), StringComparison.Ordinal);
        Assert.StartsWith("run\t", _tare.Succeed("__complete", "ru"), StringComparison.Ordinal);
        Assert.Contains("complete -F _tare tare", _tare.Succeed("completion", "bash"), StringComparison.Ordinal);
    }

    /// <summary>Nobody can be told why; the exit code is the same.</summary>
    [Theory]
    [InlineData(125, "run --foo")]
    [InlineData(1, "imgaes")]
    [InlineData(1, "oci state nosuch")]
    [InlineData(1, "oci --nosuch")]
    public void A_full_standard_error_changes_nothing(int code, string words)
    {
        using Conversation shell = _tare.Start("sh", "-c", $"{TareBinary.Path} {words} 2>/dev/full");

        Assert.Equal(code, shell.End().ExitCode);
    }
}
