// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Committing;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary><c>tare export</c>: the files of a container as a tar.</summary>
internal static class ExportVerb
{
    private static readonly Flag<string?> Output = Flag.File("-o, --output", "Write to a file, instead of STDOUT");

    public static Verb Create() =>
        new("Export a container's filesystem as a tar archive", "[OPTIONS] CONTAINER", Act)
        {
            Flags = [Output],
            MinOperands = 1,
            MaxOperands = 1,
            Completes = Candidates.Containers,
            Examples = [("tare export -o web.tar web", "all files but those of volumes"), ("tare export web | tar -tf -", "what there is")],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        using TareEngine engine = session.OpenEngine();
        ContainerRow row = EachContainer.Find(engine, arguments.Operands[0]);
        ArchiveFile.Write(arguments.Get(Output), "export", output => ContainerExport.Run(engine, row, output, session.Cancellation));
        return 0;
    }
}
