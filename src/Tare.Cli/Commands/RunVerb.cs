// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Configuration;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare run</c>.</summary>
internal static class RunVerb
{
    /// <summary>docker's exit code when the engine, not the container, failed.</summary>
    private const int EngineFailed = 125;

    public static Verb Create() =>
        new("Create and run a new container from an image", "[OPTIONS] IMAGE [COMMAND] [ARG...]", Act)
        {
            Flags = RunFlags.All,
            MinOperands = 1,
            StopsAtOperand = true,
            Completes = Candidates.Images,
            FailureCode = EngineFailed,
            Examples =
            [
                ("tare run --rm busybox echo hello", "run one command and forget the container"),
                ("tare run -it --rm debian:bookworm-slim", "a shell in a fresh Debian"),
                ("tare run --name web -v /srv:/srv:ro busybox ls /srv", "with a folder of the host, read-only"),
                ("tare run --rm -m 64m --cpus 0.5 --pids-limit 20 busybox sh", "with limits"),
                ("tare run --rm -u 1000:1000 --cap-drop ALL --read-only busybox id", "with as few rights as possible"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RunRequest request = RunFlags.ToRequest(arguments);
        if (arguments.Get(RunFlags.Detach))
        {
            throw new TareException(
                ErrorKind.NotSupported, "run: --detach is not available yet", "leave it out and use the shell's &");
        }

        using TareEngine engine = session.OpenEngine();
        request = engine.Configuration.Complete(request);
        using Fd? input = request.Interactive ? OwnProcess.TryDuplicateStandard(0) : null;
        using Fd? output = OwnProcess.TryDuplicateStandard(1);
        using Fd? error = OwnProcess.TryDuplicateStandard(2);
        RunResult result = new ContainerRun(engine, request).Run(new()
        {
            Input = input,
            Output = output,
            Error = error,
            Terminal = TerminalOf(request, input, output),
        });
        if (result.Message is not null)
        {
            Failure.Print(session, result.Message, result.Hint);
        }

        return result.ExitCode;
    }

    /// <summary>Docker refuses a terminal for the container when its input is to come from something else.</summary>
    private static Fd? TerminalOf(RunRequest request, Fd? input, Fd? output)
    {
        if (!request.Tty)
        {
            return null;
        }

        if (input is not null && !TerminalMode.IsTerminal(input))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "the input device is not a TTY", "leave out -t when input comes from a pipe or a file");
        }

        return input ?? (output is not null && TerminalMode.IsTerminal(output) ? output : null);
    }
}
