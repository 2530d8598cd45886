// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Top;

namespace Tare.Cli.Commands;

/// <summary><c>tare top</c>.</summary>
internal static class TopVerb
{
    /// <summary>docker's columns are this wide at least.</summary>
    private const int Width = 20;

    public static Verb Create() => new("Display the running processes of a container", "CONTAINER [ps OPTIONS]", Act)
    {
        MinOperands = 1,
        StopsAtOperand = true,
        Completes = Candidates.Containers,
        Examples =
        [
            ("tare top web", "as ps -ef shows them on the host"),
            ("tare top web -o pid,rss,args", "with options of ps"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ProcessTable table = ContainerTop.Read(
            engine, EachContainer.Find(engine, arguments.Operands[0]), [.. arguments.Operands.Skip(1)]);
        Table.Write(session.Output, [[.. table.Titles], .. table.Rows.Select(row => row.ToArray())], Width, padding: 1);
        return 0;
    }
}
