// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;
using Tare.Linux.Processes;

namespace Tare.Cli.Commands;

/// <summary><c>tare kill</c>.</summary>
internal static class KillVerb
{
    public static Verb Create() => new("Kill one or more running containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [StopFlags.Signal],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples = [("tare kill -s HUP web", "have it read its configuration again")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        int signal = StopFlags.SignalOf(arguments) ?? Signals.Kill;
        return EachContainer.Run(
            session, arguments.Operands, (engine, row) => ContainerSignal.Send(engine, row, signal));
    }
}
