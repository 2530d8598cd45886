// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using static Tare.Prove.Check;

namespace Tare.Prove;

/// <summary>What a keeper does for a container, without image or engine.</summary>
internal static class KeeperScenarios
{
    private const int Megabyte = 1 << 20;

    public static void A_container_ends_with_output_report_and_record()
    {
        using var kept = new Kept("echo out; echo err >&2; exit 7");
        (SessionEnd end, string output, string error) = kept.Pump();
        Equal("out\n", output, "output");
        Equal("err\n", error, "error");
        Equal(7, end.Exit?.Status.Code, "code");
        kept.Session.WaitGone();
        Equal(end.Exit, KeeperClient.TryReadExit(kept.Folder), "record");
        Equal(null, KeeperClient.TryConnect(kept.Folder), "socket");
    }

    public static void A_failed_start_leaves_nothing()
    {
        using var kept = new Kept((order, main) => main with { Program = KeptRun.Program(["/nowhere"], false, false) });
        Equal(Errno.ENOENT, kept.Start.Failure?.Error, "errno");
        kept.Session.WaitGone();
        Equal(Kept.LogName, string.Join(' ', Directory.GetFileSystemEntries(kept.Path).Select(Path.GetFileName)), "files");
    }

    public static void A_keeper_without_an_order_goes_home()
    {
        NewKeeper keeper = KeeperClient.Begin("/nowhere");
        using Pidfd process = Pidfd.TryOpen(keeper.Process!.Pid)!;
        keeper.Dispose();
        Equal(125, process.Wait().Code, "code");
    }

    public static void Input_arrives_in_order_and_ends()
    {
        byte[] content = new byte[3 * Megabyte];
        new Random(1).NextBytes(content);
        using Fd input = MemoryFile.Sealed("input"u8, content);
        using Fd output = MemoryFile.Create("output"u8);
        using var kept = new Kept((order, main) => main with { Program = KeptRun.Program(["cat"], false, false), OpenInput = true });
        SessionEnd end = kept.Session.Pump(new SessionStreams { Input = input, Output = output });
        Equal(0, end.Exit?.Status.Code, "code");
        output.Seek(0);
        That(output.ReadAll(4 * Megabyte).AsSpan().SequenceEqual(content), "content");
    }

    public static void A_second_client_sees_output_and_sends_signals()
    {
        using var kept = new Kept("trap 'echo caught; exit 5' USR1; echo ready >&2; while :; do sleep 0.02; done");
        kept.WaitForError("ready\n");
        using KeeperSession second = KeeperClient.TryConnect(kept.Folder)!;
        Equal(kept.Start.Pid, second.WaitGreeting()?.Pid, "pid");
        second.Attach(OutputFlags.Both);
        Equal(Errno.ENOTTY, second.Resize(new TerminalSize(1, 1)), "resize");
        Equal(Errno.EINVAL, second.Signal(65), "signal 65");
        Equal(Errno.None, second.Signal(Signals.User1), "signal");
        using Fd output = MemoryFile.Create("output"u8);
        SessionEnd end = second.Pump(new SessionStreams { Output = output, ForwardSignals = false });
        Equal(5, end.Exit?.Status.Code, "code");
        Equal("caught\n", Kept.Content(output), "output");
    }

    public static void A_container_outlives_its_starter_and_is_cleaned_up()
    {
        using var kept = new Kept((order, main) => main with
        {
            Program = KeptRun.Program(["sh", "-c", "echo ready >&2; while [ ! -e $0/go ]; do sleep 0.02; done; exit 4", order.CleanUp[^1]], false, false),
        });
        kept.WaitForError("ready\n");
        kept.Session.Dispose();
        using KeeperSession second = KeeperClient.TryConnect(kept.Folder)!;
        second.WaitGreeting();
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        Equal(4, second.WaitExit()?.Status.Code, "code");
        kept.WaitForFile("cleaned");
    }

    public static void A_slow_starter_holds_the_container()
    {
        using var kept = new Kept("head -c 8000000 /dev/zero; echo done >&2; exit 0");

        // nothing is read here until the container has had more than enough time to write everything
        Thread.Sleep(300);
        Equal(null, KeeperClient.TryReadExit(kept.Folder), "record");
        (SessionEnd end, string output, _) = kept.Pump();
        Equal(0, end.Exit?.Status.Code, "code");
        Equal(8000000, output.Length, "bytes");
    }

    public static void A_slow_second_client_is_cut_off_and_holds_nobody()
    {
        using var kept = new Kept("while [ ! -e $0/go ]; do sleep 0.02; done; head -c 8000000 /dev/zero; exit 0");
        using KeeperSession slow = KeeperClient.TryConnect(kept.Folder)!;
        slow.WaitGreeting();
        slow.Attach(OutputFlags.Both);
        Equal(Errno.ENOTTY, slow.Resize(new TerminalSize(1, 1)), "attached");
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        (SessionEnd end, string output, _) = kept.Pump();
        Equal(8000000, output.Length, "bytes");
        Equal(0, end.Exit?.Status.Code, "code");
        Equal(null, slow.WaitExit(), "report of the slow one");
    }

    public static void Grandchildren_with_the_pipe_do_not_delay_the_report()
    {
        using var kept = new Kept((order, main) => main with
        {
            Program = KeptRun.Program(["sh", "-c", "sleep 3 & echo out; exit 6"], false, false),
            Namespaces = CloneFlags.NewMount,
        });
        long start = Environment.TickCount64;
        (SessionEnd end, string output, _) = kept.Pump();
        Equal(6, end.Exit?.Status.Code, "code");
        Equal("out\n", output, "output");
        That(Environment.TickCount64 - start < 2500, "time");
    }

    public static void A_client_that_breaks_the_protocol_is_cut_off()
    {
        using var kept = new Kept("while [ ! -e $0/go ]; do sleep 0.02; done; exit 0");
        byte[] tooLong = new byte[Protocol.HeaderBytes];
        tooLong[0] = (byte)FrameKind.Stdin;
        BinaryPrimitives.WriteInt32LittleEndian(tooLong.AsSpan(4), Protocol.MaxPayload + 1);
        using KeeperSession broken = KeeperClient.TryConnect(kept.Folder)!;
        broken.WaitGreeting();
        UnixSocket.Send(broken.Socket, tooLong);
        Equal(null, broken.WaitExit(), "report");
        using KeeperSession unknown = KeeperClient.TryConnect(kept.Folder)!;
        unknown.WaitGreeting();
        unknown.Writer.Add((FrameKind)200, default);
        That(unknown.Writer.TryFlush(unknown.Socket), "sent");
        Equal(Errno.ENOTTY, unknown.Resize(new TerminalSize(1, 1)), "still served");
        File.WriteAllText(Path.Combine(kept.Path, "go"), string.Empty);
        Equal(0, kept.Pump().End.Exit?.Status.Code, "code");
    }

    public static void A_terminal_has_the_size_of_the_user()
    {
        using var kept = new Kept((order, main) => main with
        {
            Program = KeptRun.Program(["sh", "-c", "stty size; test -t 0 && test -t 2 && exit 3"], true, false),
            Terminal = true,
            OpenInput = true,
            TerminalSize = new TerminalSize(33, 77),
        });
        (SessionEnd end, string output, _) = kept.Pump();
        Equal("33 77\r\n", output, "output");
        Equal(3, end.Exit?.Status.Code, "code");
    }

    public static void A_user_who_is_not_root_opens_its_own_output()
    {
        using var kept = new Kept((order, main) => main with
        {
            Program = KeptRun.Program(
                ["setpriv", "--reuid", "4242", "--regid", "4242", "--clear-groups", "sh", "-c", "echo out > /dev/stdout"],
                false, false),
            StreamOwner = 4242,
        });
        (SessionEnd end, string output, string error) = kept.Pump();
        Equal("out\n", output, error);
        Equal(0, end.Exit?.Status.Code, "code");
    }

    public static void The_program_of_the_init_cannot_be_written()
    {
        using var kept = new Kept((order, main) => main with
        {
            Program = KeptRun.Program(["sh", "-c", "! true 2>/dev/null >> /proc/1/exe"], false, true),
        });
        Equal(0, kept.Pump().End.Exit?.Status.Code, "code");
    }
}
