// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Logs;

namespace Tare.Cli.Commands;

/// <summary><c>tare container pack-log ID</c>: what a keeper starts when it has rotated a log whose files are to be
/// packed.</summary>
internal static class PackLogVerb
{
    public static Verb Create() =>
        new("Pack the rotated files of a container's log", "ID", Act) { MinOperands = 1, MaxOperands = 1 };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngineAsItIs();
        if (ContainerId.TryParse(arguments.Operands[0], out ContainerId id))
        {
            LogPacker.Pack(engine, id);
        }

        return 0;
    }
}
