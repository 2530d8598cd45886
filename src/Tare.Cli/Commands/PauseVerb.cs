// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare pause</c> and <c>tare unpause</c>.</summary>
internal static class PauseVerb
{
    public static Verb Create() =>
        new("Pause all processes within one or more containers", "CONTAINER [CONTAINER...]", (session, arguments) =>
            EachContainer.Run(session, arguments.Operands, ContainerPause.Pause))
        {
            MinOperands = 1,
            Completes = Candidates.Containers,
            Examples = [("tare pause web", "no process of it gets any time until: tare unpause web")],
        };

    public static Verb CreateUnpause() =>
        new("Unpause all processes within one or more containers", "CONTAINER [CONTAINER...]", (session, arguments) =>
            EachContainer.Run(session, arguments.Operands, ContainerPause.Unpause))
        {
            MinOperands = 1,
            Completes = Candidates.Containers,
            Examples = [("tare unpause web", "it goes on where it was")],
        };
}
