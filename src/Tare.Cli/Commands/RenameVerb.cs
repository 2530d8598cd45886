// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare rename</c>.</summary>
internal static class RenameVerb
{
    public static Verb Create() => new("Rename a container", "CONTAINER NEW_NAME", Act)
    {
        MinOperands = 2,
        MaxOperands = 2,
        Completes = Candidates.Containers,
        Examples = [("tare rename web web-old", "running or not")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ContainerRename.Run(engine, EachContainer.Find(engine, arguments.Operands[0]), arguments.Operands[1]);
        return 0;
    }
}
