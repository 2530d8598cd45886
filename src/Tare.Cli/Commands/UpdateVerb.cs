// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine.Containers;
using Tare.Engine.Networks;

namespace Tare.Cli.Commands;

/// <summary><c>tare update</c>: other limits and other ports for containers, whether they run or not.</summary>
internal static class UpdateVerb
{
    private static readonly Flag<IReadOnlyList<IReadOnlyList<PortRequest>>> Add = Flag.ListOf(
        "--publish-add", "list", "Publish further ports, as with -p of run; at once when the container runs", PortTexts.Parse);
    private static readonly Flag<IReadOnlyList<IReadOnlyList<PortRequest>>> Remove = Flag.ListOf(
        "--publish-rm", "list", "End what is published: the container's port, or [[address:]port:]port[/protocol]", PortTexts.Parse);
    private static readonly Flag<string?> Restart = Flag.Text("--restart", "string", "Restart policy to apply when a container exits");

    public static Verb Create() => new("Update configuration of one or more containers", "[OPTIONS] CONTAINER [CONTAINER...]", Act)
    {
        Flags = [.. LimitFlags.All, Add, Remove, Restart],
        MinOperands = 1,
        Completes = Candidates.Containers,
        Examples =
        [
            ("tare update --memory 512m --memory-swap 1g web", "less memory, for web as it runs and for each later start"),
            ("tare update --publish-add 8080:80 --publish-rm 81 web", "reached at 8080 from now on, and no longer where port 81 was"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        if (arguments.Has(Restart))
        {
            throw new UsageException("--restart: there are no restart policies yet", 1);
        }

        LimitUpdate limits = LimitFlags.ToUpdate(arguments);
        PortUpdate ports = new(
            [.. arguments.Get(Add).SelectMany(static each => each)], [.. arguments.Get(Remove).SelectMany(static each => each)]);
        if (ports.IsEmpty && !LimitFlags.All.Any(arguments.Has))
        {
            throw new UsageException("you must provide one or more flags when using this command", 1);
        }

        return EachContainer.Run(session, arguments.Operands, (engine, row) => ContainerUpdate.Run(engine, row, limits, ports));
    }
}
