// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;

namespace Tare.Cli.Commands;

/// <summary><c>tare attach</c>.</summary>
internal static class AttachVerb
{
    /// <summary>docker's exit code after the detach keys.</summary>
    private const int Left = 1;

    private static readonly Flag<bool> NoStdin = Flag.Switch("--no-stdin", "Do not attach STDIN");

    public static Verb Create() =>
        new("Attach local standard input, output, and error streams to a running container", "[OPTIONS] CONTAINER", Act)
        {
            Flags = [StreamFlags.DetachKeys, NoStdin, StreamFlags.SigProxy],
            MinOperands = 1,
            MaxOperands = 1,
            Completes = Candidates.Containers,
            Examples =
            [
                ("tare attach web", "Ctrl-P Ctrl-Q leaves a container with a terminal running"),
                ("tare attach --no-stdin --sig-proxy=false web", "only look"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ContainerRow row = EachContainer.Find(engine, arguments.Operands[0]);
        ContainerAttach.Check(engine, row);
        ConfigDocument config = ContainerJson.ReadRecord(row).Config;
        bool input = !arguments.Get(NoStdin) && config.OpenStdin;
        using var streams = UserStreams.Open(
            input,
            output: true,
            error: true,
            config.Tty,
            arguments.Get(StreamFlags.DetachKeys),
            arguments.Get(StreamFlags.SigProxy));
        return PrintLeaving(
            session, ContainerAttach.Run(engine, row, streams.Session with { LeavesBroken = true }), Left);
    }

    /// <summary>As <see cref="RunVerb.Print"/>; leaving by the detach keys is told, and has an exit code of its own.</summary>
    public static int PrintLeaving(Session session, RunResult result, int left)
    {
        if (result.Detached)
        {
            session.Error.WriteLine("read escape sequence");
            return left;
        }

        return RunVerb.Print(session, result);
    }
}
