// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Prove;

/// <summary>A bare program under a keeper, without any image: what the keeper itself does can be tried by hand.</summary>
internal static class KeptRun
{
    private const nint TIOCSCTTY = 0x540e;

    public static int Run(string[] args)
    {
        string[] command = [.. args.SkipWhile(arg => arg.StartsWith('-'))];
        HashSet<string> flags = [.. args.TakeWhile(arg => arg.StartsWith('-'))];
        using Fd runFolder = HostPath.MakeDirectories(command[0], 0b111_000_000);
        using Fd stdin = new(0);
        using Fd stdout = new(1);
        using Fd stderr = new(2);
        bool terminal = flags.Contains("-t");
        var main = new ProcessOrder
        {
            Program = Program(command[1..], terminal, flags.Contains("--init")),
            Namespaces = CloneFlags.NewPid | CloneFlags.NewMount,
            Terminal = terminal,
            TerminalSize = terminal ? TerminalMode.Size(stdin) : null,
            StreamOwner = flags.Contains("--owned") ? 4242u : 0,
            OpenInput = flags.Contains("-i"),
            AttachStarter = !flags.Contains("-d"),
            InputOnce = !flags.Contains("-d"),
        };
        var order = new KeeperOrder
        {
            Main = main,
            CleanUp = flags.Contains("--clean") ? ["tare-prove", "run", "cleaned"] : [],
        };
        using KeeperSession session = KeeperClient.Start(order, command[0], runFolder, runFolder, []);
        KeeperStart start = session.WaitStarted();
        if (start.Failure is { } failure)
        {
            Console.Error.WriteLine(failure);
            return 125;
        }

        if (flags.Contains("-d"))
        {
            Console.WriteLine(start.Pid);
            return 0;
        }

        SessionEnd end = session.Pump(new SessionStreams
        {
            Input = main.OpenInput ? stdin : null,
            Output = stdout,
            Error = stderr,
            Terminal = terminal && TerminalMode.IsTerminal(stdin) ? stdin : null,
        });
        if (end.Exit is { } exit)
        {
            session.WaitGone();
            return exit.Status.ShellCode;
        }

        Console.Error.WriteLine(end.Detached ? "detached" : "the keeper vanished");
        return end.Detached ? 0 : 125;
    }

    internal static LaunchProgram Program(string[] command, bool terminal, bool init)
    {
        var builder = new LaunchProgramBuilder();
        builder.Call(SystemCall.setsid, []);
        for (int stream = 0; stream < 3; stream++)
        {
            builder.Call(SystemCall.dup3, [builder.Given(stream), stream, 0]);
        }

        if (terminal)
        {
            builder.Call(SystemCall.ioctl, [0, TIOCSCTTY, 0]);
        }

        builder.Step = 1;
        builder.Call(SystemCall.mount, [0, Arg.Text("/"), 0, 0x4000 | (1 << 18)]);
        builder.Call(SystemCall.mount, [Arg.Text("proc"), Arg.Text("/proc"), Arg.Text("proc")]);
        return Finish(builder, command, init);
    }

    /// <summary>Of a process that joins: only its streams are set up.</summary>
    internal static LaunchProgram ExecProgram(string[] command)
    {
        var builder = new LaunchProgramBuilder();
        builder.Call(SystemCall.setsid, []);
        for (int stream = 0; stream < 3; stream++)
        {
            builder.Call(SystemCall.dup3, [builder.Given(stream), stream, 0]);
        }

        return Finish(builder, command, init: false);
    }

    private static LaunchProgram Finish(LaunchProgramBuilder builder, string[] command, bool init)
    {
        builder.Call(SystemCall.close_range, [3, 0xffffffff, 4]);
        builder.Step = 2;
        if (init)
        {
            builder.Init();
        }

        byte[][] argv = [.. command.Select(Encoding.UTF8.GetBytes)];
        byte[][] candidates = command[0].Contains('/')
            ? [argv[0]]
            : [.. "/usr/bin/ /bin/".Split(' ').Select(d => Encoding.UTF8.GetBytes(d + command[0]))];
        builder.Exec(candidates, argv, ["PATH=/usr/bin:/bin"u8.ToArray(), "TERM=xterm"u8.ToArray()]);
        return LaunchProgram.Read(builder.Build());
    }
}
