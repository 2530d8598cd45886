// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using static Tare.Prove.Check;

namespace Tare.Prove;

/// <summary>What a keeper does beside its first process: exec, log, and what its successor does when it was killed.</summary>
internal static class ExecScenarios
{
    private const string Waits = "echo ready >&2; while [ ! -e $0/go ]; do sleep 0.02; done; exit 9";

    public static void An_execed_process_has_streams_and_a_code_of_its_own()
    {
        using var kept = new Kept(Waits);
        kept.WaitForError("ready\n");
        using KeeperSession session = Connect(kept);
        KeeperStart start = session.Exec(
            ExecId.Create(), Order("read line; echo got $line; echo err >&2; exit 5") with { OpenInput = true }, null, []);
        Equal(null, start.Failure, "failure");
        using Fd input = MemoryFile.Sealed("input"u8, "a line\n"u8);
        using Fd output = MemoryFile.Create("output"u8);
        using Fd error = MemoryFile.Create("error"u8);
        SessionEnd end = session.Pump(new() { Input = input, Output = output, Error = error, ForwardSignals = false });
        Equal(5, end.Exit?.Status.Code, "code");
        Equal("got a line\n", Kept.Content(output), "output");
        Equal("err\n", Kept.Content(error), "error");
        Finish(kept);
    }

    public static void An_execed_process_is_in_the_pid_namespace()
    {
        using var kept = new Kept(Waits);
        kept.WaitForError("ready\n");
        using KeeperSession session = Connect(kept);
        session.Exec(ExecId.Create(), Order("test $$ -lt 50"), null, []);
        Equal(0, session.WaitExit()?.Status.Code, "code");
        Finish(kept);
    }

    public static void An_execed_process_outlives_who_asked_and_is_found_by_its_id()
    {
        using var kept = new Kept(Waits);
        kept.WaitForError("ready\n");
        var id = ExecId.Create();
        using (KeeperSession session = Connect(kept))
        {
            Equal(null, session.Exec(id, Order("trap 'exit 6' USR1; while :; do sleep 0.02; done"), null, []).Failure, "failure");
            Equal(id, session.ListExecs().Single(), "list");
        }

        using KeeperSession other = Connect(kept);
        Equal(Errno.ENOENT, other.Select(ExecId.Create()), "no such");
        Equal(Errno.None, other.Select(id), "select");
        Equal(Errno.ENOTTY, other.Resize(new(1, 1)), "resize");
        Thread.Sleep(50);
        Equal(Errno.None, other.Signal(Signals.User1), "signal");
        Equal(6, other.WaitExit()?.Status.Code, "code");
        using KeeperSession late = Connect(kept);
        Equal(Errno.None, late.Select(id), "select of one that has ended");
        Equal(6, late.WaitExit()?.Status.Code, "its code");
        Finish(kept);
    }

    public static void A_failed_exec_and_a_broken_one_harm_nobody()
    {
        using var kept = new Kept(Waits);
        kept.WaitForError("ready\n");
        using KeeperSession session = Connect(kept);
        ProcessOrder nowhere = Order("") with { Program = KeptRun.ExecProgram(["/nowhere"]) };
        Equal(Errno.ENOENT, session.Exec(ExecId.Create(), nowhere, null, []).Failure?.Error, "errno");
        using KeeperSession broken = Connect(kept);
        broken.Writer.Add(FrameKind.Exec, new byte[ExecId.Bytes]);
        That(broken.Writer.TryFlush(broken.Socket), "sent without an order");
        Equal(Errno.EINVAL, broken.WaitStarted().Failure?.Error, "refused");
        Finish(kept);
    }

    public static void Execs_end_with_the_container_and_their_codes_are_told()
    {
        using var kept = new Kept(Waits);
        kept.WaitForError("ready\n");
        using KeeperSession session = Connect(kept);
        session.Exec(ExecId.Create(), Order("sleep 1000"), null, []);
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        Equal(Signals.Kill, session.WaitExit()?.Status.Signal, "signal");
        Equal(9, kept.Pump().End.Exit?.Status.Code, "code of the container");
    }

    public static void The_log_has_what_was_written_and_grows_under_a_follower()
    {
        using var kept = new Kept("echo one; " + Waits);
        kept.WaitForError("ready\n");
        using KeeperSession follower = Connect(kept);
        Equal(Errno.None, follower.Follow(), "follow");
        Equal(Errno.None, follower.Update(new LogLimits(4096, 2)), "update");
        Equal(Errno.EINVAL, follower.Update(new LogLimits(0, 0)), "no limits");
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        while (follower.WaitLogGrowth())
        {
        }

        string log = File.ReadAllText(Path.Combine(kept.Path, Kept.LogName));
        That(log.StartsWith("{\"log\":\"one\\n\",\"stream\":\"stdout\",\"time\":\"", StringComparison.Ordinal), log);
        That(log.Contains("{\"log\":\"ready\\n\",\"stream\":\"stderr\"", StringComparison.Ordinal), log);
        kept.Pump();
    }

    public static void A_successor_goes_on_where_the_killed_keeper_stopped()
    {
        using var kept = new Kept("i=0; while [ ! -e $0/go ]; do i=$((i+1)); echo $i; echo $i >&2; sleep 0.01; done; exit 9");
        kept.WaitForError("3\n");
        (KeeperState state, bool isKept) = KeeperClient.TryReadState(kept.Folder)!.Value;
        That(isKept, "kept");
        Equal(kept.Start.Pid, state.Process.Pid, "pid");
        using (Pidfd keeper = Pidfd.TryOpen(state.Keeper)!)
        {
            keeper.TrySend(Signals.Kill);
            keeper.Wait();
        }

        That(!KeeperClient.TryReadState(kept.Folder)!.Value.IsKept, "not kept");
        That(state.Process.IsAlive, "the container lives");
        Thread.Sleep(100);
        using KeeperSession successor = Adopt(kept, state);
        Equal(null, successor.WaitStarted().Failure, "adopted");
        using KeeperSession rival = Adopt(kept, state);
        Equal(Errno.EBUSY, rival.WaitStarted().Failure?.Error, "a second one");
        rival.WaitGone();
        using KeeperSession third = KeeperClient.TryConnect(kept.Folder)!;
        Equal(kept.Start.Pid, third.WaitGreeting()?.Pid, "the successor is still there");
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        Equal(9, successor.WaitExit()?.Status.Code, "code");
        successor.WaitGone();
        Equal(9, KeeperClient.TryReadExit(kept.Folder)?.Status.Code, "record");
        Equal(string.Empty, Missing(Path.Combine(kept.Path, Kept.LogName)), "numbers that the log lacks");
    }

    private static KeeperSession Adopt(Kept kept, KeeperState state) => KeeperClient.Start(
        new KeeperOrder { Main = new(), Adopted = state, LogName = Kept.LogName }, kept.Path, kept.Folder, kept.Folder, []);

    /// <summary>The program counts on both streams: every number is there twice.</summary>
    private static string Missing(string log)
    {
        string text = File.ReadAllText(log);
        int last = int.Parse(text.Split("{\"log\":\"")[^1].Split('\\')[0]);
        return string.Join(' ', Enumerable.Range(1, last - 1).Where(
            i => text.Split($"{{\"log\":\"{i}\\n\"").Length != 3));
    }

    private static KeeperSession Connect(Kept kept)
    {
        KeeperSession session = KeeperClient.TryConnect(kept.Folder)!;
        Equal(kept.Start.Pid, session.WaitGreeting()?.Pid, "pid");
        return session;
    }

    private static ProcessOrder Order(string script) => new()
    {
        Program = KeptRun.ExecProgram(["sh", "-c", script]),
        InputOnce = true,
        AttachStarter = true,
    };

    private static void Finish(Kept kept)
    {
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        Equal(9, kept.Pump().End.Exit?.Status.Code, "code of the container");
    }
}
