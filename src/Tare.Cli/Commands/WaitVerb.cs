// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare wait</c>.</summary>
internal static class WaitVerb
{
    public static Verb Create() =>
        new("Block until one or more containers stop, then print their exit codes", "CONTAINER [CONTAINER...]", Act)
        {
            MinOperands = 1,
            Completes = Candidates.Containers,
            Examples = [("tare wait job", "prints its exit code when it has ended")],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in arguments.Operands)
        {
            try
            {
                session.Output.WriteLine(ContainerWait.Run(engine, EachContainer.Find(engine, name)));
                session.Flush();
            }
            catch (TareException refused) when (refused.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
            {
                code = Failure.Report(session, refused, null);
            }
        }

        return code;
    }
}
