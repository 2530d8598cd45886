// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare restart</c>.</summary>
internal static class RestartVerb
{
    public static Verb Create() => new("Restart one or more containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [StopFlags.Signal, StopFlags.Timeout, StopFlags.Time],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples = [("tare restart web", "stop it, and start it again")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        int? signal = StopFlags.SignalOf(arguments);
        TimeSpan? patience = StopFlags.PatienceOf(arguments);
        return EachContainer.Run(
            session, arguments.Operands, (engine, row) => new ContainerStart(engine, row).Restart(signal, patience));
    }
}
