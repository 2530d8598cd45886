// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>
/// Commands whose processes are killed, or whose system calls fail, at one place after another: the next command finds
/// everything in order, or brings it there. <see cref="RunFaultTests"/> does it to a run in the foreground.
/// </summary>
[Trait("ring", "kernel")]
public sealed class VerbFaultTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private static readonly string[] Detached = ["run", "-d", "--name", "vv", "busybox", "sleep", "1000"];

    private static readonly FaultCase[] Cases =
    [
        new(Detached),
        new(Detached) { Target = FaultTarget.NewKeeper },
        new("run", "-d", "-v", "/a", "busybox", "true"),
        new("run", "--rm", "-v", "/a", "busybox", "true"),
        new("run", "--rm", "-v", "/a", "busybox", "true") { Target = FaultTarget.NewKeeper },
        new("exec", "vv", "true") { Prepare = [Detached], MustRun = true },
        new("exec", "vv", "true") { Prepare = [Detached], MustRun = true, Target = FaultTarget.Keeper },
        new("exec", "-d", "vv", "true") { Prepare = [Detached], MustRun = true },
        new("exec", "-d", "vv", "true") { Prepare = [Detached], MustRun = true, Target = FaultTarget.Keeper },
        new("stop", "-t", "0", "vv") { Prepare = [Detached] },
        new("stop", "-t", "0", "vv") { Prepare = [Detached], Target = FaultTarget.Keeper },
        new("rm", "-f", "vv") { Prepare = [Detached] },
        new("rm", "-f", "vv") { Prepare = [Detached], Target = FaultTarget.Keeper },
        new("start", "vv") { Prepare = [["create", "--name", "vv", "busybox", "sleep", "1000"]] },
        new("restart", "-t", "0", "vv") { Prepare = [Detached] },
        new("restart", "-t", "0", "vv") { Prepare = [Detached], Target = FaultTarget.Keeper },
        new("volume", "rm", "vol") { Prepare = [["volume", "create", "vol"]] },
    ];

    /// <summary>Calls between which the state on disk or in the kernel changes.</summary>
    private static readonly string[] Decisive =
    [
        "mkdirat", "openat2", "clone3", "vfork", "execve", "sendmsg", "recvmsg", "write", "pwrite64", "unlinkat", "rmdir",
        "flock", "fcntl", "linkat", "renameat2", "waitid", "exit_group", "bind", "epoll_wait", "epoll_pwait",
    ];

    public static TheoryData<int, string> All => [.. Cases.Select((subject, i) => (i, subject.ToString()))];

    public static TheoryData<int, string> Watching =>
    [
        .. Cases.Select((subject, i) => (i, subject.ToString(), subject))
            .Where(each => (each.subject.Target, each.subject.Verb) is (FaultTarget.NewKeeper, ["run", "-d", ..]) or (FaultTarget.Keeper, ["exec", "vv", ..]))
            .Select(each => (each.i, each.Item2)),
    ];

    /// <summary>Without those that differ from another one in a flag.</summary>
    public static TheoryData<int, string> Named =>
    [
        .. Cases.Select((subject, i) => (i, subject.ToString(), subject.Verb))
            .Where(each => each.Verb is not (["exec", "-d", ..] or ["run", "-d", "-v", ..] or ["restart" or "start" or "volume", ..]))
            .Select(each => (each.i, each.Item2)),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void After_a_kill_at_the_first_or_last_call_of_a_kind_all_is_clean(int subject, string verb) =>
        KillAll(subject, verb, call => Decisive.Contains(call), Ends);

    [Theory]
    [MemberData(nameof(All))]
    public void After_the_last_call_of_a_kind_failed_all_is_clean(int subject, string verb) =>
        RefuseAll(subject, verb, Last, "ENOSPC");

    /// <summary>What it cannot watch a keeper lets go: nobody waits for ever for what it never sees.</summary>
    [Theory]
    [MemberData(nameof(Watching))]
    [Trait("ring", "prove")]
    public void After_any_refused_watch_of_a_keeper_all_is_clean(int subject, string verb) =>
        RefuseAll(subject, verb, static call => call == "epoll_ctl", Every, "ENOSPC");

    [Theory]
    [MemberData(nameof(All))]
    [Trait("ring", "prove")]
    public void After_a_kill_at_some_call_all_is_clean(int subject, string verb) =>
        KillAll(subject, verb, call => Decisive.Contains(call), Sample);

    [Theory]
    [MemberData(nameof(All))]
    [Trait("ring", "prove")]
    public void After_a_kill_at_any_call_all_is_clean(int subject, string verb) =>
        KillAll(subject, verb, _ => true, Every);

    [Theory]
    [MemberData(nameof(All))]
    [Trait("ring", "prove")]
    public void After_a_failed_call_all_is_clean(int subject, string verb) =>
        RefuseAll(subject, verb, Sample, "EIO", "ENOSPC");

    [Theory]
    [MemberData(nameof(All))]
    [Trait("ring", "prove")]
    public void After_any_failed_call_all_is_clean(int subject, string verb) =>
        RefuseAll(subject, verb, Every, "EIO", "ENOSPC");

    [Theory]
    [MemberData(nameof(Named))]
    [Trait("ring", "prove")]
    public void After_any_call_beside_a_disk_failed_all_is_clean(int subject, string verb) =>
        RefuseAll(subject, verb, CallKinds.IsOther, Every, "EIO");

    private static int[] Last(int most) => [most];

    private static int[] Ends(int most) => [.. new[] { 1, most }.Distinct()];

    private static int[] Sample(int most) => [.. new[] { 1, (most + 1) / 2, most }.Distinct()];

    private static int[] Every(int most) => [.. Enumerable.Range(1, most)];

    private void KillAll(int subject, string verb, Predicate<string> choose, Func<int, int[]> sample)
    {
        var sweep = new FaultSweep(store.Tare, Cases[subject]);
        foreach ((string call, int most) in sweep.Count().Where(counted => choose(counted.Key)))
        {
            foreach (int when in sample(most))
            {
                sweep.Kill(call, when);
            }
        }

        Assert.True(sweep.Wrong.Count == 0, string.Join('\n', sweep.Wrong));
        Assert.True(sweep.Failures > 0 || Cases[subject].Target != FaultTarget.Command, $"{verb}: nothing was killed");
    }

    private void RefuseAll(int subject, string verb, Func<int, int[]> sample, params string[] errnos) =>
        RefuseAll(subject, verb, CallKinds.IsStoring, sample, errnos);

    private void RefuseAll(int subject, string verb, Predicate<string> choose, Func<int, int[]> sample, params string[] errnos)
    {
        var sweep = new FaultSweep(store.Tare, Cases[subject]);
        foreach ((string call, int most) in sweep.Count().Where(counted => choose(counted.Key)))
        {
            foreach (int when in sample(most))
            {
                foreach (string errno in errnos)
                {
                    sweep.Refuse(call, when, errno);
                }
            }
        }

        Assert.True(sweep.Wrong.Count == 0, string.Join('\n', sweep.Wrong));
        Assert.True(sweep.Failures > 0 || Cases[subject].Target != FaultTarget.Command, $"{verb}: nothing failed");
    }
}
