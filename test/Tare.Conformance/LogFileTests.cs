// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Tare.Conformance;

/// <summary>The json-file log as a file: what other programs read, and how it is rotated.</summary>
[Trait("ring", "kernel")]
public sealed class LogFileTests(Subject subject) : IClassFixture<Subject>
{
    private const string Time = "\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z\"";

    [Theory]
    [InlineData("plain\\n", "plain\\n")]
    [InlineData("<&>\\n", "\\u003c\\u0026\\u003e\\n")]
    [InlineData("\"\\\\\\t\\r\\n", "\\\"\\\\\\u0009\\r\\n")]
    [InlineData("\\001\\033[0m\\n", "\\u0001\\u001b[0m\\n")]
    [InlineData("\\303\\251\\n", "é\\n")]
    [InlineData("\\342\\200\\250\\n", "\\u2028\\n")]
    [InlineData("\\377\\376 bad\\n", "\\ufffd\\ufffd bad\\n")]
    [InlineData("no line feed", "no line feed")]
    public void A_line_is_escaped_as_docker_does(string printed, string json)
    {
        string name = subject.Ended($"printf '{printed}'");

        string[] lines = Lines(name);

        Assert.Matches(
            $"^\\{{\"log\":\"{System.Text.RegularExpressions.Regex.Escape(json)}\",\"stream\":\"stdout\",{Time}\\}}$",
            Assert.Single(lines));
    }

    [Fact]
    public void Streams_are_told_and_in_order()
    {
        string name = subject.Ended("echo a; sleep 0.05; echo b >&2; sleep 0.05; echo c");

        Assert.Equal(
            ["stdout", "stderr", "stdout"], Records(name).Select(record => record.GetProperty("stream").GetString()));
        Assert.Equal(["a\n", "b\n", "c\n"], Texts(name));
    }

    [Fact]
    public void A_long_line_is_cut_into_16_KB()
    {
        string name = subject.Ended("head -c 40000 /dev/zero | tr '\\0' z; echo; echo next");

        Assert.Equal([16384, 16384, 40001 - (2 * 16384), 5], Texts(name).Select(text => text.Length));

        Outcome logs = subject.Run("logs", name);
        Assert.Equal(new string('z', 40000) + "\nnext\n", logs.Text);
        // each part has its time in front, in the middle of the line too
        string[] timed = subject.Run("logs", "-t", name).Text.Split('\n');
        Assert.Equal((40000 + (3 * 31), "Z next"), (timed[0].Length, timed[1][29..]));
    }

    [Fact]
    public void A_line_that_fits_exactly_is_not_cut()
    {
        string name =
            subject.Ended("head -c 16383 /dev/zero | tr '\\0' w; echo; head -c 16384 /dev/zero | tr '\\0' y; echo");

        Assert.Equal([16384, 16384, 1], Texts(name).Select(text => text.Length));
        Assert.Equal(new string('w', 16383) + "\n" + new string('y', 16384) + "\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void Attributes_stand_before_the_time()
    {
        string name = subject.Name("labelled");
        subject.Ask(
            "run", "--name", name, "--label", "x=y", "-e", "SHOWN=1", "--log-opt", "labels=x", "--log-opt", "env=SHOWN",
            subject.Image, "echo", "hi");

        Assert.Matches(
            $"^\\{{\"log\":\"hi\\\\n\",\"stream\":\"stdout\",\"attrs\":\\{{\"SHOWN\":\"1\",\"x\":\"y\"\\}},{Time}\\}}$",
            Assert.Single(Lines(name)));
    }

    [Fact]
    public void Attributes_are_chosen_by_expressions_and_a_tag_is_one()
    {
        string name = subject.Name("tagged");
        subject.Ask(
            "run", "--name", name, "--label", "com.ex.a=<é&>", "--label", "x=y", "-e", "SHOWN=1", "-e", "x=env",
            "--log-opt", "labels=x", "--log-opt", "labels-regex=^com", "--log-opt", "env-regex=^(SH|x)",
            "--log-opt", "tag={{.Name}} {{.ID}}", "--log-opt", "mode=non-blocking", "--log-opt", "max-buffer-size=1m",
            subject.Image, "echo", "hi");
        string id = subject.Look(name, "{{.Id}}")[..12];

        string attributes = $$"""{"SHOWN":"1","com.ex.a":"\u003cé\u0026\u003e","tag":"{{name}} {{id}}","x":"env"}""";
        Assert.Matches(
            $"^\\{{\"log\":\"hi\\\\n\",\"stream\":\"stdout\",\"attrs\":{System.Text.RegularExpressions.Regex.Escape(attributes)},{Time}\\}}$",
            Assert.Single(Lines(name)));
        Assert.Equal(
            $"SHOWN=1,com.ex.a=%3C%C3%A9%26%3E,tag={name}+{id},x=env hi\n", subject.Run("logs", "--details", name).Text);
    }

    [Fact]
    public void It_is_rotated_when_it_is_full()
    {
        string name = Full("--log-opt", "max-size=5k", "--log-opt", "max-file=3");
        string log = LogFile(name);

        Assert.Equal([Path.GetFileName(log), Path.GetFileName(log) + ".1", Path.GetFileName(log) + ".2"], Files(name));
        Assert.All([log, log + ".1", log + ".2"], file => Assert.InRange(new FileInfo(file).Length, 1, 5200));
        AssertIsTail(subject.Run("logs", name).Text, atLeast: 100);
        Assert.Equal("line 286\n", Seq(subject.Run("logs", "--tail", "15", name).Text)[0]);
    }

    [Fact]
    public void One_file_begins_anew_when_it_is_full()
    {
        string name = Full("--log-opt", "max-size=5k");

        Assert.Equal([Path.GetFileName(LogFile(name))], Files(name));
        AssertIsTail(subject.Run("logs", name).Text, atLeast: 1);
    }

    [Fact]
    public void Rotated_files_are_compressed_when_asked_for()
    {
        string name = Full("--log-opt", "max-size=5k", "--log-opt", "max-file=3", "--log-opt", "compress=true");
        string log = Path.GetFileName(LogFile(name));

        Subject.Await(
            () => Files(name).SequenceEqual([log, log + ".1.gz", log + ".2.gz"]), () => string.Join(' ', Files(name)));
        AssertIsTail(subject.Run("logs", name).Text, atLeast: 100);
    }

    [Theory]
    [InlineData("size", "max-size=x")]
    [InlineData("max-size", "max-size=0")]
    [InlineData("max-file", "max-size=5k", "max-file=0")]
    [InlineData("compress", "max-size=5k", "max-file=1", "compress=true")]
    [InlineData("nosuch", "nosuch=1")]
    [InlineData("mode=non-blocking", "max-buffer-size=1m")]
    [InlineData("mode", "mode=x")]
    [InlineData("Nosuch", "tag={{.Nosuch}}")]
    public void A_wrong_option_is_refused(string words, params string[] options)
    {
        string[] flags = [.. options.SelectMany(option => new[] { "--log-opt", option })];

        Outcome outcome = subject.Run(["run", "--rm", .. flags, subject.Image, "true"]);

        subject.AssertRefused(outcome, 125, words);
    }

    [Fact]
    public void A_driver_that_is_none_is_refused() =>
        subject.Refuses(125, "nosuch", "run", "--rm", "--log-driver", "nosuch", subject.Image, "true");

    [Fact]
    public void The_options_are_told()
    {
        string name = Full("--log-opt", "max-size=5k", "--log-opt", "max-file=3");

        Assert.Equal(
            """{"Type":"json-file","Config":{"max-file":"3","max-size":"5k"}}""",
            subject.Look(name, "{{json .HostConfig.LogConfig}}"));
        Assert.EndsWith(
            $"/{subject.Look(name, "{{.Id}}")}-json.log", subject.Look(name, "{{.LogPath}}"), StringComparison.Ordinal);
    }

    private string Full(params string[] flags)
    {
        string name = subject.Name("full");
        subject.Ask(
            ["run", "--name", name, .. flags, subject.Image, "sh", "-c", "for i in $(seq 300); do echo line $i; done"]);
        return name;
    }

    private static void AssertIsTail(string text, int atLeast)
    {
        string[] lines = Seq(text);
        Assert.True(lines.Length >= atLeast && lines.Length < 300, text);
        Assert.Equal(Enumerable.Range(301 - lines.Length, lines.Length).Select(i => $"line {i}\n"), lines);
    }

    private static string[] Seq(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\n")];

    private string LogFile(string name) => Subject.HostPath(subject.Look(name, "{{.LogPath}}"));

    private string[] Files(string name) =>
    [
        .. Directory.GetFiles(Path.GetDirectoryName(LogFile(name))!, "*-json.log*")
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];

    private string[] Lines(string name) => File.ReadAllText(LogFile(name), Encoding.UTF8).TrimEnd('\n').Split('\n');

    private IEnumerable<JsonElement> Records(string name) => Lines(name).Select(line => JsonElement.Parse(line));

    private IEnumerable<string> Texts(string name) =>
        Records(name).Select(record => record.GetProperty("log").GetString()!);
}
