// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>
/// A launch whose system calls fail, or whose processes are killed, at one place after another: one clear line, and
/// nothing is left. strace(1) does it; it counts the calls of each process by itself.
/// </summary>
[Trait("ring", "kernel")]
public sealed partial class RunFaultTests(BusyboxStore store) : IClassFixture<BusyboxStore>, IDisposable
{
    /// <summary>Calls that a keeper, or the child before execve, needs. Not those by which things are taken away.</summary>
    private static readonly string[] SetUp =
    [
        "openat2", "fsopen", "fsconfig", "fsmount", "move_mount", "open_tree", "mount_setattr", "mkdirat", "mknodat",
        "symlinkat", "pivot_root", "umount2", "unshare", "sethostname", "capset", "seccomp", "setgroups", "setresuid",
        "setresgid", "close_range", "dup3", "fchdir", "chdir", "setsid", "memfd_create", "socketpair",
        "epoll_create1", "bind", "listen", "sendmsg", "renameat2", "linkat",
    ];

    /// <summary>Calls between which the state on disk or in the kernel changes.</summary>
    private static readonly string[] Decisive =
    [
        "mkdirat", "openat2", "clone3", "vfork", "execve", "sendmsg", "recvmsg", "write", "pwrite64", "unlinkat", "rmdir",
        "flock", "move_mount", "linkat", "renameat2", "waitid", "exit_group",
    ];

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <summary>Of the launches, beside <c>--rm</c>.</summary>
    private string[] _flags = [];

    private string Trace => Path.Combine(store.Tare.Folder, "trace");

    /// <summary>That of <see cref="Below"/>, when there was one.</summary>
    public void Dispose()
    {
        string parent = _flags.Length == 0 ? "" : _flags[^1];
        foreach (string mount in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Where(mount => parent.Length > 0 && Directory.Exists(mount + parent)))
        {
            Directory.Delete(mount + parent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_launch_that_fails_anywhere_says_so_and_leaves_nothing(bool elsewhere) => Below(elsewhere).FailAll(most => [.. new[] { 1, most }.Distinct()]);

    [Fact]
    [Trait("ring", "prove")]
    public void A_launch_that_fails_at_any_call_says_so_and_leaves_nothing() => FailAll(most => [.. Enumerable.Range(1, most)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_kill_at_some_call_the_next_run_takes_everything_away(bool elsewhere) => Below(elsewhere).KillAll(
        call => Decisive.Contains(call), most => [.. new[] { 1, (most + 1) / 2, most }.Distinct()]);

    [Fact]
    [Trait("ring", "prove")]
    public void After_a_kill_at_any_call_the_next_run_takes_everything_away() => KillAll(
        _ => true, most => [.. Enumerable.Range(1, most)]);

    /// <summary>The container's cgroups have another parent, where <see cref="Leftovers"/> looks too.</summary>
    private RunFaultTests Below(bool elsewhere)
    {
        _flags = elsewhere ? ["--cgroup-parent", $"/tare-{File.ReadAllText($"{store.Tare.Root}/id")}-elsewhere"] : [];
        return this;
    }

    private void FailAll(Func<int, int[]> sample)
    {
        Dictionary<string, int> most = Count($"trace={string.Join(',', SetUp)}");
        var wrong = new List<string>();
        int failed = 0;
        foreach ((string call, int calls) in most.Where(counted => SetUp.Contains(counted.Key)))
        {
            foreach (int when in sample(calls).Where(when => when > 0))
            {
                Outcome outcome = Strace($"inject={call}:error=EIO:when={when}", $"trace={call}");
                failed += outcome.ExitCode == 0 ? 0 : 1;
                wrong.AddRange(Judge(outcome).Select(what => $"{call} {when}: {what}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(failed > 20, $"only {failed} launches failed");
    }

    private void KillAll(Func<string, bool> choose, Func<int, int[]> sample)
    {
        var wrong = new List<string>();
        int killed = 0;
        foreach ((string call, int calls) in Count("trace=all").Where(counted => choose(counted.Key)))
        {
            foreach (int when in sample(calls))
            {
                killed += Strace($"inject={call}:signal=SIGKILL:when={when}", $"trace={call}").ExitCode == 0 ? 0 : 1;
                Outcome next = store.Run("busybox", "true");
                if (next.ExitCode != 0)
                {
                    wrong.Add($"{call} {when}: the next run: {next.ExitCode}: {next.Error}");
                }

                wrong.AddRange(Left().Select(what => $"{call} {when}: {what}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(killed > 10, $"only {killed} were killed");
    }

    private List<string> Judge(Outcome outcome)
    {
        List<string> wrong = [.. Left()];
        bool silent = InjectedMessage().IsMatch(File.ReadAllText(Trace));
        if (outcome.ExitCode is not (0 or 125 or 126 or 127))
        {
            wrong.Add($"exit code {outcome.ExitCode}: {outcome.Error}");
        }
        else if (outcome.ExitCode != 0 && !silent)
        {
            int lines = outcome.Error.Split('\n').Count(line => line.StartsWith("tare: ", StringComparison.Ordinal));
            if (lines != 1 || outcome.Error.Contains("   at ", StringComparison.Ordinal) || outcome.Error.Contains("internal error", StringComparison.Ordinal))
            {
                wrong.Add($"unclear: {outcome.Error}");
            }
        }

        return wrong;
    }

    /// <summary>What is left after a moment; a next run starts without it.</summary>
    private string[] Left()
    {
        try
        {
            Leftovers.AssertNone(store.Tare, patience: Moment);
            return [];
        }
        catch (Xunit.Sdk.TrueException left)
        {
            store.Run("busybox", "true");
            return left.Message.Split('\n');
        }
    }

    /// <summary>How often each call is made by the process that makes it most, in a launch that succeeds.</summary>
    private Dictionary<string, int> Count(string what)
    {
        Outcome outcome = Strace(what);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return File.ReadLines(Trace)
            .Select(line => Call().Match(line))
            .Where(match => match.Success && !match.Groups[2].Value.StartsWith("syscall_", StringComparison.Ordinal))
            .GroupBy(match => (Process: match.Groups[1].Value, Name: match.Groups[2].Value))
            .GroupBy(calls => calls.Key.Name, calls => calls.Count())
            .ToDictionary(counts => counts.Key, counts => counts.Max());
    }

    private Outcome Strace(params string[] expressions)
    {
        using Conversation run = store.Tare.Start(
            "strace",
            ["-f", "-qq", "-o", Trace, .. expressions.SelectMany(e => new[] { "-e", e }), TareBinary.Path, "run", "--rm", .. _flags, "busybox", "true"]);
        return run.End();
    }

    [GeneratedRegex(@"^(\d+) +(\w+)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"write\(2, .*\(INJECTED\)")]
    private static partial Regex InjectedMessage();
}
