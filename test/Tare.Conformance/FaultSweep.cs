// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance;

/// <summary>
/// Runs a command again and again and lets one system call after another fail or be its process's last; then one more
/// command comes by, and nothing may be left that does not belong. strace(1) does it; it counts the calls of each task
/// by itself.
/// </summary>
internal sealed class FaultSweep(TareBinary tare, FaultCase subject)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int Segv = 11;

    private readonly List<string> _wrong = [];
    private int _step;

    /// <summary>How many commands did not succeed.</summary>
    public int Failures { get; private set; }

    /// <summary>What was wrong, a line each.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    private string Said => Path.Combine(tare.Folder, "said");

    private string Trace => Path.Combine(tare.Folder, FormattableString.Invariant($"trace-{_step}"));

    /// <summary>How often each call is made by the task that makes it most when nothing goes wrong.</summary>
    public Dictionary<string, int> Count()
    {
        Prepare();
        Outcome outcome = Strike("trace=all");
        Assert.True(outcome.ExitCode == 0, $"{subject}: {outcome.Error}");
        Finish("nothing");
        Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));
        return StraceLines.Count(Trace);
    }

    /// <summary>Whoever makes this call for the n-th time dies in it.</summary>
    public void Kill(string call, int when) => Step(call, $"signal=SIGKILL:when={when}");

    /// <summary>Whoever makes this call for the n-th time is refused.</summary>
    public void Refuse(string call, int when, string errno)
    {
        Outcome outcome = Step(call, $"error={errno}:when={when}");
        bool isSilent = StraceLines.HasHitTheMessage(Trace) || IsLoader(outcome);
        if (outcome.ExitCode == 128 + Segv && StraceLines.HasHitTheRuntime(Trace))
        {
            return;
        }

        if (outcome.ExitCode is not (0 or 1 or 125 or 126 or 127))
        {
            Note(call, when, $"exit code {outcome.ExitCode}: {outcome.Error}");
        }
        else if (outcome.ExitCode != 0 && !isSilent && !IsClear(outcome))
        {
            Note(call, when, $"exit code {outcome.ExitCode}, unclear: {outcome.Error}");
        }

        void Note(string call, int when, string what) => _wrong.Add($"{subject}: {call} {errno} {when}: {what}");
    }

    /// <summary>It was refused before a line of ours ran.</summary>
    private static bool IsLoader(Outcome outcome) =>
        outcome.Error.Contains("error while loading shared libraries", StringComparison.Ordinal);

    private static bool IsClear(Outcome outcome) =>
        outcome.Error.Split('\n').Count(line => line.StartsWith("tare: ", StringComparison.Ordinal)) == 1
        && !outcome.Error.Contains("   at ", StringComparison.Ordinal)
        && !outcome.Error.Contains("internal error", StringComparison.Ordinal);

    private Outcome Step(string call, string fault)
    {
        File.Delete(Trace);
        _step++;
        Prepare();
        Outcome outcome = Strike($"inject={call}:{fault}", $"trace={call}");
        Failures += outcome.ExitCode == 0 ? 0 : 1;
        Finish($"{call} {fault}");
        return outcome;
    }

    private void Prepare()
    {
        foreach (string[] command in subject.Prepare)
        {
            Outcome outcome = tare.Run(command);
            Assert.True(outcome.ExitCode == 0, string.Join('\n', [.. _wrong, $"{string.Join(' ', command)}: {outcome.Error}"]));
        }
    }

    private Outcome Strike(params string[] expressions)
    {
        string[] strace = ["strace", "-f", "-qq", "-y", "-o", Trace, .. expressions.SelectMany(e => new[] { "-e", e })];
        return subject.Target switch
        {
            FaultTarget.Keeper => StrikeKeeper(strace),
            FaultTarget.NewKeeper => StrikeNewKeeper(strace),

            // the tracer beside its tracees, because it stays as long as a container does
            _ => Call([.. strace, "-D", TareBinary.Path, .. subject.Verb]),
        };
    }

    private Outcome StrikeKeeper(string[] strace)
    {
        using Conversation tracer = Trap(strace, Keepers.Of(tare, "vv"));
        Outcome outcome = Call([TareBinary.Path, .. subject.Verb]);
        Leave(tracer);
        return outcome;
    }

    /// <summary>One tracer stops the keeper as it begins, so that another one that knows nobody else finds it there.</summary>
    private Outcome StrikeNewKeeper(string[] strace)
    {
        string[] stopper =
        [
            "strace", "-D", "-I2", "-f", "-qq", "-o", Path.Combine(tare.Folder, "birth"), "-e", "trace=execve,execveat", "-e",
            "inject=execve,execveat:signal=SIGSTOP:when=1",
        ];
        using Conversation command = Begin([.. stopper, TareBinary.Path, .. subject.Verb]);
        int keeper = 0;
        Subject.Await(
            () => (keeper = Keepers.All(tare).FirstOrDefault(process => Keepers.Field(process, "State") is ['t' or 'T', ..])) != 0,
            () => $"{subject}: no keeper began");

        // asked to go it would wait for the command, which waits for a child of vfork(2), which waits for the tracer
        Conversation.Signal("KILL", int.Parse(Keepers.Field(keeper, "TracerPid")!, CultureInfo.InvariantCulture));
        Subject.Await(() => Keepers.Field(keeper, "TracerPid") is null or "0");
        using Conversation tracer = Trap(strace, keeper);
        Conversation.Signal("CONT", keeper);
        Outcome outcome = EndOf(command);
        Leave(tracer);
        return outcome;
    }

    private Conversation Trap(string[] strace, int keeper)
    {
        Conversation tracer = tare.Start(strace[0], [.. strace[1..], "-p", keeper.ToString(CultureInfo.InvariantCulture)]);

        // null: it was in the very call, and so it is gone
        Subject.Await(() => Keepers.Field(keeper, "TracerPid") is not "0");
        return tracer;
    }

    /// <summary>It may wait for ever for a tracee that was killed under it.</summary>
    private static void Leave(Conversation tracer)
    {
        tracer.Signal("INT");
        Subject.Poll(Patience / 10, () => Keepers.Field(tracer.Id, "State"), state => state is null or ['Z', ..]);
        tracer.Signal("KILL");
        tracer.End();
    }

    private Outcome Call(string[] words)
    {
        using Conversation command = Begin(words);
        return EndOf(command);
    }

    /// <summary>With files for its output: what stays behind does not keep us waiting.</summary>
    private Conversation Begin(string[] words) =>
        tare.Start("sh", ["-c", "exec \"$@\" >\"$0.out\" 2>\"$0.err\" </dev/null", Said, .. words]);

    private Outcome EndOf(Conversation command)
    {
        int code = command.End().ExitCode;
        return new(code, File.ReadAllBytes($"{Said}.out"), File.ReadAllText($"{Said}.err"));
    }

    private void Finish(string fault)
    {
        int before = _wrong.Count;
        RequireClean(fault);
        if (subject.MustRun)
        {
            Outcome state = tare.Run("inspect", "-f", "{{.State.Status}}", "vv");
            if (state.Text != "running\n")
            {
                _wrong.Add($"{subject}: {fault}: the container is {state.Text}{state.Error}");
            }
        }

        string[] left = tare.Succeed("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (left.Length > 0)
        {
            Require(fault, "rm -f", tare.Run(["rm", "-f", .. left]));
        }

        RequireClean(fault);
        if (_wrong.Count == before)
        {
            string[] found = Subject.Poll(Patience, FindAfterPs, found => found.Length == 0);
            _wrong.AddRange(found.Select(what => $"{subject}: {fault}: {what}"));
        }

        if (_wrong.Count > before)
        {
            Reset();
        }
    }

    /// <summary>A keeper's child may be hit only after the next command came by: then it is the next but one that repairs.</summary>
    private void RequireClean(string fault)
    {
        Outcome check = Subject.Poll(Patience, CheckAfterPs, check => check.ExitCode == 0);
        Require(fault, "ps, system check", check);
    }

    private string[] FindAfterPs()
    {
        tare.Run("ps", "-a");
        return Leftovers.Find(tare);
    }

    private Outcome CheckAfterPs()
    {
        Outcome next = tare.Run("ps", "-a");
        return next.ExitCode == 0 ? tare.Run("system", "check", "--quick") : next;
    }

    /// <summary>One wrong step shall not make the following ones wrong.</summary>
    private void Reset()
    {
        tare.Run("system", "check", "--quick", "--repair");
        tare.Run(["rm", "-f", "vv", .. tare.Run("ps", "-aq").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private void Require(string fault, string what, Outcome outcome)
    {
        if (outcome.ExitCode != 0)
        {
            _wrong.Add($"{subject}: {fault}: {what}: {outcome.ExitCode}: {outcome.Text}{outcome.Error}");
        }
    }
}
