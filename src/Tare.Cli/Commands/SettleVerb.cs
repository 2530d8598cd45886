// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Keeper;
using Tare.Linux.Processes;

namespace Tare.Cli.Commands;

/// <summary><c>tare container settle ID</c>: what a keeper starts when its container ended and the starter is
/// gone.</summary>
internal static class SettleVerb
{
    public static Verb Create() =>
        new("Record or remove a container that has ended", "ID", Act) { MinOperands = 1, MaxOperands = 1 };

    private static int Act(Session session, ParsedArguments arguments)
    {
        OwnProcess.SetName(OwnProgram.Name);
        using TareEngine engine = session.OpenEngineAsItIs();
        if (ContainerId.TryParse(arguments.Operands[0], out ContainerId id))
        {
            Settlement.Settle(engine, id);
        }

        return 0;
    }
}
