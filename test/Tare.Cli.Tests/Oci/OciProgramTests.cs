// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Oci;

namespace Tare.Cli.Tests.Oci;

public class OciProgramTests
{
    [Theory]
    [InlineData("/usr/bin/runc", true)]
    [InlineData("tare-oci", true)]
    [InlineData("./runc", true)]
    [InlineData("tare", false)]
    [InlineData("/runc/tare", false)]
    [InlineData("", false)]
    public void The_name_of_the_program_says_what_it_is(string path, bool isRuntime) =>
        Assert.Equal(isRuntime, OciProgram.IsCalled(path, out _));

    [Theory]
    [InlineData("runc", "--version", "runc version ")]
    [InlineData("tare-oci", "-v", "tare-oci version ")]
    [InlineData("tare oci", "--root /x --version", "tare-oci version ")]
    public void The_version_has_the_form_that_dockerd_reads(string program, string line, string beginning)
    {
        (int exit, string output, string error) = Run(program, line);

        string[] lines = output.Split('\n');
        Assert.Equal(0, exit);
        Assert.Empty(error);
        Assert.Equal(3, lines[0].Split(' ').Length);
        Assert.StartsWith(beginning, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("commit: ", lines[1], StringComparison.Ordinal);
        Assert.Equal("spec: 1.3.0", lines[2]);
    }

    [Theory]
    [InlineData("", "Usage:  runc [OPTIONS] COMMAND")]
    [InlineData("--help", "Usage:  runc [OPTIONS] COMMAND")]
    [InlineData("-h", "Usage:  runc [OPTIONS] COMMAND")]
    [InlineData("help", "Usage:  runc [OPTIONS] COMMAND")]
    [InlineData("help spec", "Usage:  runc spec [OPTIONS]")]
    [InlineData("spec --help", "Usage:  runc spec [OPTIONS]")]
    [InlineData("--root /x spec -help", "Usage:  runc spec [OPTIONS]")]
    [InlineData("--systemd-cgroup features -h", "Usage:  runc features")]
    public void Help_is_there_for_everybody(string line, string beginning)
    {
        (int exit, string output, string error) = Run("runc", line);

        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith(beginning, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo", "unknown command: foo")]
    [InlineData("feature", "unknown command: feature; did you mean features?")]
    [InlineData("checkpoint --image-path /x c", "checkpoint: there is no CRIU here, so that containers cannot be written to disk and go on elsewhere")]
    [InlineData("restore c", "restore: there is no CRIU here, so that containers cannot be written to disk and go on elsewhere")]
    [InlineData("--foo spec", "unknown flag: --foo")]
    [InlineData("--log", "flag needs an argument: --log")]
    [InlineData("--log-format xml spec", "invalid argument \"xml\" for \"--log-format\" flag: want text or json")]
    [InlineData("--rootless maybe features", "invalid argument \"maybe\" for --rootless: want true, false or auto")]
    [InlineData("features x", "features: 1 arguments, usage: features")]
    [InlineData("spec --foo", "unknown flag: --foo")]
    [InlineData("--systemd-cgroup features", "--systemd-cgroup: cgroups through systemd are not supported")]
    [InlineData("plan -b /nowhere", "/nowhere/config.json: no such file")]
    public void What_is_wrong_is_told_without_a_prefix(string line, string message)
    {
        (int exit, string output, string error) = Run("runc", line);

        Assert.Equal((1, ""), (exit, output));
        Assert.Equal(message, error.Split('\n')[0]);
    }

    [Theory]
    [InlineData("--debug --log /dev/null --log-format=json --root /x --criu c --rootless auto features")]
    [InlineData("-debug -log /dev/null -log-format json -root=/x -rootless=true features")]
    [InlineData("--log= features")]
    public void Flags_of_callers_are_taken(string line)
    {
        (int exit, string output, string error) = Run("runc", line);

        Assert.Equal((0, ""), (exit, error));
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal("1.3.0", document.RootElement.GetProperty("ociVersionMax").GetString());
    }

    [Fact]
    public void The_longer_name_leads_to_the_same_place()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(0, Program.Run(["oci", "--version"], output, error));
        Assert.Equal(0, Program.Run(["--debug", "oci", "--version"], output, error));
        Assert.Equal(2, output.ToString().Split("tare-oci version").Length - 1);
    }

    [Fact]
    public void A_config_to_begin_with_is_written_once()
    {
        string folder = Directory.CreateTempSubdirectory("tare-spec-").FullName;
        try
        {
            Assert.Equal((0, "", ""), Run("runc", $"spec -b {folder}"));
            byte[] first = File.ReadAllBytes(Path.Combine(folder, "config.json"));
            (int exit, _, string error) = Run("runc", $"spec --bundle {folder} --rootless");

            Assert.Equal(1, exit);
            Assert.Equal($"file {folder}/config.json exists. Remove it first\n", error);
            Assert.Equal(first, File.ReadAllBytes(Path.Combine(folder, "config.json")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Exit, string Output, string Error) Run(string program, string line)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exit = OciProgram.Run(program, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
