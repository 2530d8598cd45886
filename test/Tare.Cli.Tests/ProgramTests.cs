// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Tests;

public class ProgramTests
{
    [Theory]
    [InlineData("--version", 0, "Tare version ")]
    [InlineData("-v", 0, "Tare version ")]
    [InlineData("", 0, "Usage:  tare [OPTIONS] COMMAND")]
    [InlineData("help", 0, "Usage:  tare [OPTIONS] COMMAND")]
    [InlineData("help run", 0, "Usage:  tare run [OPTIONS] IMAGE")]
    [InlineData("run --help", 0, "Usage:  tare run [OPTIONS] IMAGE")]
    [InlineData("image", 0, "Usage:  tare image COMMAND")]
    [InlineData("image --help", 0, "Usage:  tare image COMMAND")]
    [InlineData("image ls --help", 0, "Usage:  tare image ls [OPTIONS]")]
    [InlineData("completion bash", 0, "# bash completion for tare")]
    public void What_everybody_may_ask_is_answered(string line, int code, string beginning)
    {
        (int exit, string output, string error) = Run(line);

        Assert.Equal(code, exit);
        Assert.StartsWith(beginning, output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("imgaes", 1, "tare: unknown command: tare imgaes; did you mean 'tare images'?\nSee 'tare --help'\n")]
    [InlineData("image foo", 1, "tare: unknown command: tare image foo\nSee 'tare --help'\n")]
    [InlineData("--nonsense", 125, "tare: unknown flag: --nonsense\nSee 'tare --help'\n")]
    [InlineData("run", 1, "tare: 'tare run' requires at least 1 argument\nUsage:  tare run [OPTIONS] IMAGE [COMMAND] [ARG...]\nSee 'tare run --help'\n")]
    [InlineData("run --foo", 125, "tare: unknown flag: --foo\nUsage:  tare run [OPTIONS] IMAGE [COMMAND] [ARG...]\nSee 'tare run --help'\n")]
    [InlineData("image tag a", 1, "tare: 'tare image tag' requires 2 arguments\nUsage:  tare image tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]\nSee 'tare image tag --help'\n")]
    [InlineData("version x", 1, "tare: 'tare version' accepts no arguments\nUsage:  tare version [OPTIONS]\nSee 'tare version --help'\n")]
    [InlineData("-l loud images", 1, "tare: unable to parse logging level: loud\nSee 'tare --help'\n")]
    public void What_is_wrong_is_told_with_the_way_to_help(string line, int code, string message)
    {
        (int exit, string output, string error) = Run(line);

        Assert.Equal(code, exit);
        Assert.Equal(message, error);
        Assert.Empty(output);
    }

    private static (int Exit, string Output, string Error) Run(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = Program.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
