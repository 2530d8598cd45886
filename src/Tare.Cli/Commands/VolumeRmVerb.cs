// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare volume rm</c>.</summary>
internal static class VolumeRmVerb
{
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Force the removal of one or more volumes");

    public static Verb Create() => new("Remove one or more volumes that no container uses", "[OPTIONS] VOLUME [VOLUME...]", Act)
    {
        Flags = [Force],
        MinOperands = 1,
        Examples = [("tare volume rm data", "with all that is in it")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        int code = 0;
        foreach (string name in arguments.Operands)
        {
            if (engine.Volumes.TryRemove(name) || (arguments.Get(Force) && engine.Volumes.Find(name) is null))
            {
                session.Output.WriteLine(name);
                continue;
            }

            // the others are still wanted
            code = Failure.Report(session, WhyNot(engine, name), null);
        }

        return code;
    }

    private static TareException WhyNot(TareEngine engine, string name) => engine.Volumes.Find(name) is null
        ? VolumeInspectVerb.NoSuchVolume(name)
        : new(
            ErrorKind.Conflict,
            $"remove {name}: volume is in use - [{string.Join(", ", engine.Volumes.UsersOf(name))}]",
            "remove the container first: tare rm");
}
