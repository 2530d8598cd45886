// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare create</c>.</summary>
internal static class CreateVerb
{
    public static Verb Create() => new("Create a new container", "[OPTIONS] IMAGE [COMMAND] [ARG...]", Act)
    {
        Flags = RunFlags.Create,
        MinOperands = 1,
        StopsAtOperand = true,
        Completes = Candidates.Images,
        Examples = [("tare create --name job busybox sh -c 'date >>/log'", "make it now, start it later with: tare start job")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        RunRequest request = RunFlags.ToRequest(arguments);
        using TareEngine engine = session.OpenEngine();
        return ImageOnDemand.For(session, engine, request, () =>
        {
            session.Output.WriteLine(new ContainerRun(engine, request).Create().Text);
            return 0;
        });
    }
}
