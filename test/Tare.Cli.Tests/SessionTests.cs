// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Oci;

namespace Tare.Cli.Tests;

/// <summary>Who decides where the folders are: flag, variable, configuration, default.</summary>
/// <remarks>Changes the environment of the process, so nothing runs beside it.</remarks>
[Collection("environment")]
public sealed class SessionTests : IDisposable
{
    private static readonly string[] Variables = ["TARE_ROOT", "TARE_RUN", "TARE_CONFIG"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tare-session-").FullName;
    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];

    public SessionTests() => Array.ForEach(Variables, name => Environment.SetEnvironmentVariable(name, null));

    public void Dispose()
    {
        for (int at = 0; at < Variables.Length; at++)
        {
            Environment.SetEnvironmentVariable(Variables[at], _before[at]);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/flag", "/variable", "/file", "/flag")]
    [InlineData("/flag", null, "/file", "/flag")]
    [InlineData(null, "/variable", "/file", "/variable")]
    [InlineData(null, "", "/file", "/file")]
    [InlineData(null, null, "/file", "/file")]
    [InlineData(null, null, null, null)]
    public void The_nearest_to_the_command_decides(string? flag, string? variable, string? file, string? decided)
    {
        Environment.SetEnvironmentVariable("TARE_ROOT", variable);
        Environment.SetEnvironmentVariable("TARE_RUN", variable is { Length: > 0 } ? $"{variable}/run" : variable);
        string config = Write(file is null ? "{}" : $$"""{"data-root": "{{file}}", "exec-root": "{{file}}/run"}""");

        using var session = new Session(null, null)
        {
            GivenConfiguration = config,
            GivenRoot = flag,
            GivenRun = flag is null ? null : $"{flag}/run",
        };

        Assert.Equal(decided ?? "/var/lib/tare", session.Root);
        Assert.Equal(decided is null ? "/run/tare" : $"{decided}/run", session.Run);
    }

    [Fact]
    public void The_flag_wins_over_the_variable_that_names_the_file()
    {
        string config = Write("""{"init": true}""");
        Environment.SetEnvironmentVariable("TARE_CONFIG", $"{_folder}/no");

        using var flagged = new Session(null, null) { GivenConfiguration = config };
        using var silent = new Session(null, null);

        Assert.Equal(config, flagged.Configuration.File);
        Assert.Equal($"config {_folder}/no: no such file", Assert.Throws<TareException>(() => silent.Configuration).Message);
    }

    [Fact]
    public void The_variable_names_the_file()
    {
        Environment.SetEnvironmentVariable("TARE_CONFIG", Write("""{"data-root": "/from/file"}"""));

        using var session = new Session(null, null);

        Assert.Equal("/from/file", session.Root);
    }

    [Fact]
    public void A_file_is_read_once_and_only_when_it_is_needed()
    {
        string config = $"{_folder}/config";
        using var session = new Session(null, null) { GivenConfiguration = config, GivenRoot = "/r", GivenRun = "/x" };
        Assert.Equal(("/r", "/x"), (session.Root, session.Run));

        Write("""{"init": true}""");
        EngineConfiguration read = session.Configuration;
        File.Delete(config);

        Assert.True(read.Init);
        Assert.Same(read, session.Configuration);
    }

    [Fact]
    public void An_engine_with_named_folders_needs_no_file()
    {
        using var session = new Session(null, null)
        {
            GivenConfiguration = $"{_folder}/no",
            GivenRoot = $"{_folder}/root",
            GivenRun = $"{_folder}/run",
        };

        using Engine.TareEngine engine = session.OpenEngine();

        Assert.Throws<TareException>(() => engine.Configuration);
    }

    [Fact]
    public void Debug_of_the_file_counts_once_the_file_was_read()
    {
        using var session = new Session(null, null) { GivenConfiguration = Write("""{"debug": true}""") };
        Assert.False(session.Debug);

        _ = session.Root;

        Assert.True(session.Debug);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("help")]
    [InlineData("run --help")]
    [InlineData("completion bash")]
    [InlineData("__complete ru")]
    [InlineData("__complete -- --conf")]
    public void What_needs_no_store_needs_no_file(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = Program.Run([.. $"--config {_folder}/no {line}".Split(' ')], output, error);

        Assert.Equal((0, ""), (code, error.ToString()));
    }

    [Theory]
    [InlineData("--config=", "--config")]
    [InlineData("--root=", "--root")]
    [InlineData("--run=", "--run")]
    public void An_empty_path_is_none(string argument, string flag)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = Program.Run([argument, "images"], output, error);

        Assert.Equal(125, code);
        Assert.StartsWith($"tare: invalid argument \"\" for \"{flag}\" flag: want a path\n", error.ToString(), StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        string path = $"{_folder}/config";
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
