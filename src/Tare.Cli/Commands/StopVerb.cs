// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare stop</c>.</summary>
internal static class StopVerb
{
    public static Verb Create() => new("Stop one or more running containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [StopFlags.Signal, StopFlags.Timeout, StopFlags.Time],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples = [("tare stop -t 30 web", "give it half a minute to end by itself")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        int? signal = StopFlags.SignalOf(arguments);
        TimeSpan? patience = StopFlags.PatienceOf(arguments);
        return EachContainer.Run(
            session, arguments.Operands, (engine, row) => ContainerSignal.Stop(engine, row, signal, patience));
    }
}
