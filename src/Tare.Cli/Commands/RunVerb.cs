// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
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
                ("tare run -it --rm debian:bookworm-slim", "a shell in a fresh Debian; Ctrl-P Ctrl-Q leaves it running"),
                ("tare run -d --name web -v /srv:/srv:ro busybox httpd -f -h /srv", "in the background, with a folder of the host"),
                ("tare run --rm -m 64m --cpus 0.5 --pids-limit 20 busybox sh", "with limits"),
                ("tare run --rm -u 1000:1000 --cap-drop ALL --read-only busybox id", "with as few rights as possible"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RunRequest request = RunFlags.ToRequest(arguments);
        using TareEngine engine = session.OpenEngine();
        var run = new ContainerRun(engine, request);
        return ImageOnDemand.For(session, engine, request, () => arguments.Get(RunFlags.Detach)
            ? Print(session, run.RunDetached(id => session.Output.WriteLine(id.Text)))
            : Attached(session, arguments, request, run));
    }

    private static int Attached(Session session, ParsedArguments arguments, RunRequest request, ContainerRun run)
    {
        try
        {
            using UserStreams streams = Open(arguments, request);
            return Print(session, run.Run(streams.Session with { LeavesBroken = !request.AutoRemove }));
        }
        catch (TareException wrong) when (wrong.Message == UserStreams.NoTerminal)
        {
            // docker's client says this, before its engine, whose failures are 125, hears of it
            return Failure.Report(session, wrong, null);
        }
    }

    private static UserStreams Open(ParsedArguments arguments, RunRequest request) => UserStreams.Open(
        request is { Interactive: true, AttachStdin: true },
        request.AttachStdout,
        request.AttachStderr,
        request.Tty,
        arguments.Get(StreamFlags.DetachKeys),
        arguments.Get(StreamFlags.SigProxy));

    /// <summary>Why it never ran, if it did not; answers the exit code.</summary>
    public static int Print(Session session, RunResult result)
    {
        if (result.Message is not null)
        {
            session.Flush();
            Failure.Print(session, result.Message, result.Hint);
        }

        return result.ExitCode;
    }
}
