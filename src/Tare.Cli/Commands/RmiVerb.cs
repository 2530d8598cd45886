// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare rmi</c>.</summary>
internal static class RmiVerb
{
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Force removal of the image");

    /// <summary>Taken for the sake of scripts written for docker; there are no hidden parents to keep.</summary>
    private static readonly Flag<bool> NoPrune = Flag.Switch("--no-prune", "Do not delete untagged parents");

    public static Verb Create() => new("Remove one or more images", "[OPTIONS] IMAGE [IMAGE...]", Act)
    {
        Flags = [Force, NoPrune],
        MinOperands = 1,
        Completes = Candidates.Images,
        Examples = [("tare rmi app:1", "the name, and the image when it was the last one")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in arguments.Operands)
        {
            try
            {
                foreach (RemovedItem item in engine.Images.Remove(name, arguments.Get(Force), () => ImageUsers.Read(engine)))
                {
                    session.Output.WriteLine(item.ToString());
                }
            }
            catch (TareException refused)
                when (refused.Kind is ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.InvalidArgument)
            {
                // the others are still wanted
                code = Failure.Report(session, refused, null);
            }
        }

        return code;
    }
}
