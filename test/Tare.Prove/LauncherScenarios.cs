// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Prove.Check;

namespace Tare.Prove;

/// <summary>What launch programs mean, tried for real.</summary>
internal static class LauncherScenarios
{
    private const int SIGKILL = 9;

    public static void Exec_takes_the_first_candidate_that_exists()
    {
        var run = Launch(b => b.Exec(
            All("/none/sh", "/etc/passwd/sh", "/bin/sh", "/bin/false"), All("sh", "-c", "exit 3"), []));
        Equal(null, run.Failure, "failure");
        Equal(3, run.Status.Code, "code");
    }

    public static void Exec_remembers_that_a_candidate_was_denied()
    {
        var run = Launch(b => b.Exec(All("/etc/passwd", "/none/x"), All("x"), []));
        Equal(new LaunchFailure(Errno.EACCES, 0, 0), run.Failure, "failure");
        run = Launch(b => b.Exec(All("/none/x", "/none/y"), All("x"), []));
        Equal(new LaunchFailure(Errno.ENOENT, 0, 0), run.Failure, "failure");
    }

    public static void A_failed_call_names_its_step_and_number()
    {
        var run = Launch(b =>
        {
            b.Call(SystemCall.getpid, []);
            b.Step = 41;
            b.Call(SystemCall.chdir, [Arg.Text("/nowhere")]);
            Shell(b, "exit 0");
        });
        Equal(new LaunchFailure(Errno.ENOENT, 41, 1), run.Failure, "failure");
    }

    public static void A_tolerated_failure_decides_which_calls_follow()
    {
        var run = Launch(b =>
        {
            Slot missing = b.NewSlot();
            Slot there = b.NewSlot();
            b.Call(SystemCall.openat, [Libc.AT_FDCWD, Arg.Text("/nowhere")], missing, Errno.ENOENT, Errno.ENOTDIR);
            b.Call(SystemCall.openat, [Libc.AT_FDCWD, Arg.Text("/")], there, Errno.ENOENT);
            b.When = missing.Succeeded;
            Write(b, "wrong ");
            b.When = missing.Failed;
            Write(b, "missing ");
            b.When = there.Succeeded;
            Write(b, "there ");
            b.When = there.Failed;
            Write(b, "wrong ");
            b.When = null;
            Shell(b, "exit 0");
        });
        Equal("missing there ", run.Output, "output");
    }

    public static void Structs_carry_pointers_and_slots()
    {
        var run = Launch(b =>
        {
            Slot pid = b.NewSlot();
            b.Call(SystemCall.getpid, [], pid);
            Arg copy = Arg.Block(Field.Slot32(pid), Field.Bytes("|"u8));
            Arg vector = Arg.Block(
                Field.Pointer(Arg.Text("text|")), Field.U64(5), Field.Pointer(copy), Field.U64(5));
            b.Call(SystemCall.writev, [b.Given(0), vector, 2]);
            Shell(b, "exit 0");
        });
        That(run.Output.StartsWith("text|", StringComparison.Ordinal), "text");
        Equal('|', run.Output[^1], "end");
        That(run.Output[5] != '\0', "pid");
    }

    public static void A_process_killed_during_its_set_up_is_a_failure()
    {
        var run = Launch(b =>
        {
            Slot pid = b.NewSlot();
            b.Call(SystemCall.getpid, [], pid);
            b.Call(SystemCall.kill, [pid, SIGKILL]);
            Shell(b, "exit 0");
        });
        Equal(new LaunchFailure(Errno.None, -1, -1), run.Failure, "failure");
    }

    public static void The_program_begins_with_clean_signals()
    {
        var run = Launch(b =>
        {
            ToOutput(b);
            b.Exec(All("/usr/bin/cat", "/bin/cat"), All("cat", "/proc/self/status"), []);
        });
        That(run.Output.Contains("SigBlk:\t0000000000000000", StringComparison.Ordinal), "blocked");
        That(run.Output.Contains("SigIgn:\t0000000000000000", StringComparison.Ordinal), "ignored");
    }

    public static void Init_ends_as_its_child_ended()
    {
        Equal(7, Init("exit 7").Status.Code, "code");
        Equal(128 + 15, Init("kill -TERM $$").Status.Code, "signal");
        Equal("2", Init("echo $$").Output.Trim(), "pid");
        Equal("tare init", Init("cat /proc/1/comm").Output.Trim(), "name");
    }

    public static void Init_reports_a_program_that_cannot_be_executed()
    {
        var run = Launch(
            b =>
            {
                b.Init();
                b.Exec(All("/nowhere"), All("x"), []);
            },
            CloneFlags.NewPid);
        Equal(new LaunchFailure(Errno.ENOENT, 0, 1), run.Failure, "failure");
    }

    public static void Init_forwards_signals()
    {
        var builder = new LaunchProgramBuilder();
        using var pipe = new Linux.Files.Pipe();
        ToOutput(builder);
        builder.Init();
        Shell(builder, "trap 'exit 9' USR1; echo ready; while :; do sleep 0.02; done");
        using Launched launched = Launcher.Start(LaunchProgram.Read(builder.Build()), CloneFlags.NewPid, [pipe.Writer]);
        Equal(null, launched.Complete(), "failure");
        Linux.Files.OpenFile.Read(pipe.Reader, new byte[64]);
        launched.Pidfd.TrySend(Signals.User1);
        Equal(9, launched.Pidfd.Wait().Code, "code");
    }

    public static void Init_reaps_orphans()
    {
        var run = Init(
            "children() { grep -l '^PPid:.1$' /proc/[0-9]*/status 2>/dev/null | wc -l; }; "
            + "(sh -c 'exit 0' & sh -c 'exit 0' & exit 0); i=0; "
            + "while [ $(children) -gt 1 ] && [ $i -lt 1000 ]; do i=$((i+1)); sleep 0.01; done; children");

        // the shell itself: neither running nor dead orphans
        Equal("1", run.Output.Trim(), "children of init");
    }

    public static void A_refused_clone_leaves_nothing()
    {
        int before = Descriptors();
        var builder = new LaunchProgramBuilder();
        Shell(builder, "exit 0");
        LaunchProgram program = LaunchProgram.Read(builder.Build());
        try
        {
            // a new user namespace and the file system state of the parent exclude each other
            Launcher.Start(program, CloneFlags.NewUser | (CloneFlags)0x200, []);
            throw new InvalidOperationException("clone3 was not refused");
        }
        catch (LinuxException e)
        {
            Equal(Errno.EINVAL, e.Errno, "errno");
        }

        Equal(before, Descriptors(), "descriptors");
    }

    private static (LaunchFailure? Failure, ExitStatus Status, string Output) Init(string script) => Launch(
        b =>
        {
            ToOutput(b);
            b.Call(SystemCall.mount, [0, Arg.Text("/"), 0, 0x4000 | (1 << 18)]);
            b.Call(SystemCall.mount, [Arg.Text("proc"), Arg.Text("/proc"), Arg.Text("proc")]);
            b.Init();
            Shell(b, script);
        },
        CloneFlags.NewPid | CloneFlags.NewMount);

    private static void ToOutput(LaunchProgramBuilder builder) =>
        builder.Call(SystemCall.dup3, [builder.Given(0), 1, 0]);

    private static void Write(LaunchProgramBuilder builder, string text) =>
        builder.Call(SystemCall.write, [builder.Given(0), Arg.Text(text), text.Length]);
}
