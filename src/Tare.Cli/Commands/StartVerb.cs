// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Inspect;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare start</c>.</summary>
internal static class StartVerb
{
    private static readonly Flag<bool> Attach =
        Flag.Switch("-a, --attach", "Attach STDOUT/STDERR and forward signals");
    private static readonly Flag<bool> Interactive = Flag.Switch("-i, --interactive", "Attach container's STDIN");

    public static Verb Create() => new("Start one or more stopped containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [Attach, Interactive, StreamFlags.DetachKeys],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples =
        [
            ("tare start web", "in the background"),
            ("tare start -ai shell", "with this terminal"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        if (arguments.Get(Attach) || arguments.Get(Interactive))
        {
            return arguments.Operands.Count == 1
                ? Attached(session, arguments)
                : throw new TareException(ErrorKind.InvalidArgument, "you cannot start and attach multiple containers at once");
        }

        return EachContainer.Run(
            session, arguments.Operands, (engine, row) => new ContainerStart(engine, row).Start());
    }

    private static int Attached(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ContainerRow row = EachContainer.Find(engine, arguments.Operands[0]);
        ConfigDocument config = ContainerJson.ReadRecord(row).Config;
        using var streams = UserStreams.Open(
            arguments.Get(Interactive) && config.OpenStdin,
            output: true,
            error: true,
            config.Tty,
            arguments.Get(StreamFlags.DetachKeys),
            sigProxy: true);
        return RunVerb.Print(
            session, new ContainerStart(engine, row).StartAttached(streams.Session with { LeavesBroken = true }));
    }
}
