// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare rm</c>.</summary>
internal static class RmVerb
{
    private static readonly Flag<bool> Force =
        Flag.Switch("-f, --force", "Force the removal of a running container (uses SIGKILL)");
    private static readonly Flag<bool> Volumes =
        Flag.Switch("-v, --volumes", "Remove anonymous volumes associated with the container");

    public static Verb Create() => new("Remove one or more containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [Force, Volumes],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples = [("tare rm -f web", "kill it first when it runs")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in arguments.Operands)
        {
            try
            {
                ContainerRow row = engine.Containers.Find(name)
                    ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");
                Removal.Remove(engine, row, arguments.Get(Force), arguments.Get(Volumes));
                session.Output.WriteLine(name);
            }
            catch (Exception refused) when (refused is LinuxException or TareException { Kind: not (ErrorKind.PermissionDenied or ErrorKind.Cancelled) })
            {
                // the others are still wanted; with --force it is enough that it is not there afterwards
                int failed = Failure.Report(session, refused, null);
                code = refused is TareException { Kind: ErrorKind.NotFound } && arguments.Get(Force) ? code : failed;
            }
        }

        return code;
    }
}
