// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>The engine under test, with an image of busybox: Tare and a store of its own, or docker when
/// TARE_CONFORMANCE_REFERENCE names its command (DOCKER_HOST its daemon). A case that fails on docker is a wrong
/// case.</summary>
public sealed class Subject : IDisposable
{
    /// <summary>The reference's command, or null when Tare is tested.</summary>
    public static readonly string? Reference = Environment.GetEnvironmentVariable("TARE_CONFORMANCE_REFERENCE");

    /// <summary>A shell script that says "ready", then ends with 7 on TERM and says "HUP" on HUP.</summary>
    public const string Handling =
        "trap 'echo TERM; exit 7' TERM; trap 'echo HUP' HUP; echo ready; " +
        "while :; do sleep 1000 & wait $!; kill $!; done";

    private const string ReferenceImage = "tare-conformance";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Lock Importing = new();
    private static bool _imported;

    private readonly ConcurrentDictionary<string, bool> _names = [];
    private readonly BusyboxStore? _store;

    public Subject()
    {
        if (Reference is null)
        {
            _store = new BusyboxStore();
            Program = _store.Tare;
            return;
        }

        Program = new TareBinary { Program = Reference };
        ImportOnce(Program);
    }

    /// <summary>The program that is asked.</summary>
    public TareBinary Program { get; }

    /// <summary>The name of the image.</summary>
    public string Image => _store is null ? ReferenceImage : "busybox";

    /// <summary>A name that nobody else has; its container is removed at the end.</summary>
    public string Name(string word)
    {
        string name = $"{word}-{Guid.NewGuid().ToString("N")[..8]}";
        _names.TryAdd(name, true);
        return name;
    }

    public Outcome Run(params string[] args) => Program.Run(args);

    /// <summary>Runs it, which has to succeed.</summary>
    /// <returns>standard output without its last line feed</returns>
    public string Ask(params string[] args) => Program.Succeed(args).TrimEnd('\n');

    /// <summary>Starts it and leaves it running.</summary>
    public Conversation Start(params string[] args) => Program.Start(Program.Program, args);

    /// <summary>Starts it on a terminal of 24 rows and 80 columns; its exit code is printed when it is known.</summary>
    public Conversation OnTerminal(params string[] args)
    {
        string words = string.Join(' ', args.Prepend(Program.Program).Select(Quote));
        return Program.Start(
            "script", "-qefc", $"stty rows 24 cols 80; TERM=xterm {words}; echo code $?", "/dev/null");
    }

    /// <summary>A container that sleeps, detached.</summary>
    public string Sleeper(params string[] flags) => Detached(flags, "sleep", "1000");

    /// <summary>A container with a shell script, detached; flags before it.</summary>
    public string Script(string script, params string[] flags) => Detached(flags, "sh", "-c", script);

    /// <summary>A container that handles signals as <see cref="Handling"/> and is ready for them.</summary>
    public string Handler(params string[] flags)
    {
        string name = Script(Handling, flags);
        AwaitLog(name, "ready");
        return name;
    }

    /// <summary>A container whose shell script has ended.</summary>
    public string Ended(string script)
    {
        string name = Name("ended");
        Run("run", "--name", name, Image, "sh", "-c", script);
        return name;
    }

    /// <summary>A container that was never started.</summary>
    public string Created(params string[] command)
    {
        string name = Name("created");
        Ask(["create", "--name", name, Image, .. command]);
        return name;
    }

    /// <summary>A container's fields by a template, such as <c>{{.State.Status}}</c>.</summary>
    public string Look(string name, string template) => Ask("inspect", "-f", template, name);

    /// <summary><c>exited 7</c>.</summary>
    public string State(string name) => Look(name, "{{.State.Status}} {{.State.ExitCode}}");

    /// <summary>A file of the engine; a reference may live in a root of its own, like its command.</summary>
    public static string HostPath(string path) =>
        Reference is null || File.Exists(path) ? path : Reference[..^"/usr/bin/docker".Length] + path;

    /// <summary>Whether <c>ps -a</c> knows it.</summary>
    public bool Exists(string name) => Ask("ps", "-a", "--format", "{{.Names}}").Split('\n').Contains(name);

    public void AwaitState(string name, string state) =>
        Await(() => State(name) == state, () => $"{name} is {State(name)}");

    public void AwaitLog(string name, string text) =>
        Await(() => Logs(name).Contains(text, StringComparison.Ordinal), () => $"{name} never said {text}");

    public static void Await(Func<bool> condition, Func<string>? otherwise = null)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < Patience, otherwise?.Invoke() ?? "it never came");
            Thread.Sleep(10);
        }
    }

    /// <summary>Asks again and again until the answer is as wanted or the time is over.</summary>
    /// <returns>the last answer</returns>
    public static T Poll<T>(TimeSpan patience, Func<T> ask, Predicate<T> isWanted)
    {
        T answer;
        for (var watch = Stopwatch.StartNew(); !isWanted(answer = ask()) && watch.Elapsed < patience;)
        {
            Thread.Sleep(10);
        }

        return answer;
    }

    /// <summary>Asserts that it is refused with this exit code and says so in words that contain these.</summary>
    public Outcome Refuses(int code, string words, params string[] args)
    {
        Outcome outcome = Run(args);
        AssertRefused(outcome, code, words);
        Assert.Equal("", outcome.Text);
        return outcome;
    }

    /// <summary>The same for what was run already; something may have been printed.</summary>
    public void AssertRefused(Outcome outcome, int code, string words)
    {
        Assert.True(
            outcome.ExitCode == code && outcome.Error.Contains(words, StringComparison.OrdinalIgnoreCase),
            $"exit code {outcome.ExitCode}, not {code} and '{words}': {outcome.Text}{outcome.Error}");
        if (_store is not null)
        {
            Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        if (!_names.IsEmpty)
        {
            Outcome removal = Program.Run(["rm", "-f", .. _names.Keys]);
            if (removal.ExitCode != 0)
            {
                throw new InvalidOperationException($"rm -f: exit code {removal.ExitCode}: {removal.Error}");
            }
        }

        if (_store is not null)
        {
            _store.Dispose();
            return;
        }

        Program.Dispose();
    }

    private static void ImportOnce(TareBinary docker)
    {
        lock (Importing)
        {
            if (!_imported)
            {
                docker.Run("rmi", "-f", ReferenceImage);
                Outcome outcome = docker.Run(["import", "-", ReferenceImage], BusyboxTar.Bytes);
                Assert.True(outcome.ExitCode == 0, outcome.Error);
                _imported = true;
            }
        }
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private string Logs(string name)
    {
        Outcome outcome = Run("logs", name);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Text;
    }

    private string Detached(string[] flags, params string[] command)
    {
        string name = Name("detached");
        Ask(["run", "-d", "--name", name, .. flags, Image, .. command]);
        return name;
    }
}
