// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Oci;

/// <summary>
/// Runs a verb of the runtime again and again and lets one system call after another fail or be its process's last; then
/// <c>delete --force</c> takes away what is left. strace(1) does it; it counts the calls of each task by itself.
/// </summary>
internal sealed class OciFaultSweep
{
    private readonly OciGround _ground;
    private readonly string _verb;
    private readonly string _id;
    private const int Segv = 11;

    private readonly List<string> _wrong = [];

    public OciFaultSweep(OciGround ground, string verb)
    {
        (_ground, _verb, _id) = (ground, verb, ground.NewId());
    }

    /// <summary>How often the verb did not succeed.</summary>
    public int Failures { get; private set; }

    /// <summary>What was wrong, a line each.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    private string Trace => $"{_ground.Folder}/trace";

    /// <summary>How often each call is made by the task that makes it most when nothing goes wrong.</summary>
    public Dictionary<string, int> Count()
    {
        Prepare();
        Outcome outcome = Strike("trace=all");
        Assert.True(outcome.ExitCode == 0, $"{_verb}: {outcome.Error}");
        Dictionary<string, int> counts = StraceLines.Count(Trace);
        Clean("unhurt");
        Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));
        return counts;
    }

    /// <summary>Whoever makes this call for the n-th time dies in it.</summary>
    public void Kill(string call, int when) => Step(call, FormattableString.Invariant($"signal=SIGKILL:when={when}"), _ => { });

    /// <summary>Whoever makes this call for the n-th time is refused: one clear line, and what was not made is not there.</summary>
    public void Refuse(string call, int when, string errno) =>
        Step(call, FormattableString.Invariant($"error={errno}:when={when}"), outcome => Judge($"{call} {errno} {when}", outcome));

    private void Step(string call, string fault, Action<Outcome> judge)
    {
        Prepare();
        Outcome outcome = Strike($"trace={call}", $"inject={call}:{fault}");
        Failures += outcome.ExitCode == 0 ? 0 : 1;
        judge(outcome);
        Clean($"{call} {fault}");
    }

    private void Prepare()
    {
        if (_verb is "start" or "delete")
        {
            _ground.Leave("create", "--bundle", _ground.Bundle, _id);
        }
        else if (_verb is "exec")
        {
            _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, _id);
        }
    }

    /// <summary>What is traced lives on in the container, so the tracer must not be its parent.</summary>
    private Outcome Strike(params string[] expressions) => _ground.RunUnder(
        ["strace", "-D", "-f", "-qq", "-y", "-o", Trace, .. expressions.SelectMany(e => new[] { "-e", e })],
        _verb switch
        {
            "create" => ["create", "--bundle", _ground.Bundle, _id],
            "run" => ["run", "--detach", "--bundle", _ground.Bundle, _id],
            "exec" => ["exec", _id, "true"],
            "delete" => ["delete", "--force", _id],
            _ => [_verb, _id],
        });

    private void Judge(string fault, Outcome outcome)
    {
        if (outcome.ExitCode == 128 + Segv && StraceLines.HasHitTheRuntime(Trace))
        {
            return;
        }

        if (outcome.ExitCode is not (0 or 1 or 126 or 127 or 255))
        {
            Note($"{fault}: exit code {outcome.ExitCode}: {outcome.Error}");
        }
        else if (outcome.ExitCode != 0 && !IsSilent(outcome) && !IsClear(outcome))
        {
            Note($"{fault}: exit code {outcome.ExitCode}, unclear: {outcome.Error}");
        }

        // more than one: taking back was refused too
        if (outcome.ExitCode != 0 && _verb is ("create" or "run") && StraceLines.Hits(Trace) == 1)
        {
            string[] left = Subject.Poll(TimeSpan.FromSeconds(2), Left, left => left.Length == 0);
            Note([.. left.Select(what => $"{fault}: {what} is left, although it said: {outcome.Error}")]);
        }

        if (_verb is "exec" && _ground.Status(_id) != "running")
        {
            Note($"{fault}: the container is {_ground.Status(_id)}");
        }
    }

    /// <summary>Its message was refused, or it was before a line of ours ran.</summary>
    private bool IsSilent(Outcome outcome) =>
        StraceLines.HasHitTheMessage(Trace)
        || outcome.Error.Contains("error while loading shared libraries", StringComparison.Ordinal);

    private static bool IsClear(Outcome outcome) =>
        outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => !line.StartsWith("hint: ", StringComparison.Ordinal)) == 1
        && !outcome.Error.Contains("   at ", StringComparison.Ordinal)
        && !outcome.Error.Contains("internal error", StringComparison.Ordinal);

    private void Clean(string what)
    {
        Outcome forced = _ground.RunToFiles("delete", "--force", _id);
        if (forced.ExitCode != 0)
        {
            Note($"{what}: delete --force: {forced.ExitCode}: {forced.Error}");
        }

        Note([.. Left().Select(left => $"{what}: {left} is left")]);
    }

    /// <summary>Its folder, its cgroups, a mount of its bundle on the host.</summary>
    private string[] Left() =>
    [
        .. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(root => $"{root}/tare-oci/{_id}")
            .Append($"{_ground.Root}/{_id}").Where(Directory.Exists),
        .. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(_ground.Bundle, StringComparison.Ordinal)),
    ];

    private void Note(params string[] what) => _wrong.AddRange(what.Select(each => $"{_verb}: {each.TrimEnd('\n')}"));
}
