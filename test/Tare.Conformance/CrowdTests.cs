// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>Many processes change the same few containers of one store at once: as if one had come after the other.</summary>
[Trait("ring", "kernel")]
public sealed partial class CrowdTests : IDisposable
{
    private const int Workers = 50;
    private const int Steps = 8;
    private static readonly string[] Names = ["ada", "bob", "cyd", "dan", "eve", "fay"];

    /// <summary>What one may hear who comes too late; everything else is an error of ours.</summary>
    private static readonly string[] Excuses =
    [
        "is already in use", "no such container", "is not running", "container is running", "is being changed",
        "renaming a container with the same name", "somebody started it again", "has ended", "No such container",
        "cannot kill container",
    ];

    private readonly TareBinary _tare = new();

    public CrowdTests()
    {
        Outcome imported = _tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes);
        Assert.True(imported.ExitCode == 0, imported.Error);
    }

    [Fact]
    public void Fifty_processes_at_once_leave_what_their_answers_say()
    {
        var done = new List<(string[] Args, Outcome Outcome)>[Workers];
        Thread[] workers = [.. Enumerable.Range(0, Workers).Select(i => new Thread(() => done[i] = Work(new Random(i))))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        (string[] Args, Outcome Outcome)[] all = [.. done.SelectMany(steps => steps)];

        string[] wrong = [.. all.Where(step => !IsFair(step.Outcome)).Select(Describe)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Outcome check = Subject.Poll(TimeSpan.FromSeconds(20), () => _tare.Run("system", "check"), check => check.ExitCode == 0);
        Assert.True(check.ExitCode == 0, check.Text);

        string[] there = Lines(_tare.Succeed("ps", "-a", "--no-trunc", "--format", "{{.ID}}"));
        string[] names = Lines(_tare.Succeed("ps", "-a", "--format", "{{.Names}}"));
        string[] made = [.. all.Where(step => step.Args[0] == "run").Select(step => step.Outcome.Text.Trim()).Where(id => id.Length > 0)];
        int removed = all.Count(step => step.Args[0] == "rm" && step.Outcome.Text.Length > 0);
        Assert.True(made.Length > 0 && removed > 0, $"{made.Length} made, {removed} removed");
        Assert.Empty(there.Except(made));
        Assert.Equal(made.Length - removed, there.Length);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Empty(names.Except(Names));

        if (there.Length > 0)
        {
            _tare.Succeed(["rm", "-f", .. there]);
        }

        Leftovers.AssertNone(_tare);
    }

    public void Dispose() => _tare.Dispose();

    private List<(string[] Args, Outcome Outcome)> Work(Random random)
    {
        var done = new List<(string[] Args, Outcome Outcome)>();
        for (int i = 0; i < Steps; i++)
        {
            string name = Names[random.Next(Names.Length)];
            string other = Names[random.Next(Names.Length)];
            string[] args = random.Next(10) switch
            {
                < 3 => ["run", "-d", "--name", name, "busybox", "sleep", "1000"],
                3 => ["stop", "-t", "0", name],
                4 or 5 => ["rm", "-f", name],
                6 => ["rename", name, other],
                7 => ["ps", "-a"],
                8 => random.Next(2) == 0 ? ["exec", name, "true"] : ["kill", name],
                _ => random.Next(2) == 0 ? ["start", name] : ["restart", "-t", "0", name],
            };
            done.Add((args, _tare.Run(args)));
        }

        return done;
    }

    /// <summary>It was done, or one line says why not, in the words of somebody who came too late.</summary>
    private static bool IsFair(Outcome outcome) => outcome.ExitCode switch
    {
        // rm -f of what is gone is done
        0 => outcome.Error.Length == 0 || outcome.Error.Contains("no such container", StringComparison.OrdinalIgnoreCase),

        // an exec whose container is killed under it
        137 => true,
        1 or 125 or 126 => ErrorLine().Count(outcome.Error) == 1 && Excuses.Any(excuse => outcome.Error.Contains(excuse, StringComparison.Ordinal)),
        _ => false,
    };

    private static string Describe((string[] Args, Outcome Outcome) step) =>
        $"{string.Join(' ', step.Args)}: {step.Outcome.ExitCode}: {step.Outcome.Text}{step.Outcome.Error}";

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^tare: ", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
