// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Committing;
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare commit</c>: an image from a container's changes.</summary>
internal static class CommitVerb
{
    private static readonly Flag<string?> Author =
        Flag.Text("-a, --author", "string", "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
    private static readonly Flag<IReadOnlyList<string>> Change =
        Flag.List("-c, --change", "list", "Apply a Dockerfile instruction to the created image");
    private static readonly Flag<string?> Message = Flag.Text("-m, --message", "string", "Commit message");
    private static readonly Flag<bool> Pause = Flag.Switch("-p, --pause", "Pause container during commit (default true)", fallback: true);

    public static Verb Create() =>
        new("Create a new image from a container's changes", "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]", Act)
        {
            Flags = [Author, Change, Message, Pause],
            MinOperands = 1,
            MaxOperands = 2,
            Completes = Candidates.Containers,
            Examples =
            [
                ("tare commit web web:patched", "its image, and what it wrote as one more layer"),
                ("tare commit -c 'CMD [\"/srv\"]' -m 'with server' web web:2", "with another command and a comment"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Reference? name = arguments.Operands is [_, var text] ? Reference.Parse(text) : null;
        if (name?.Digest is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{arguments.Operands[1]}: refusing to create a tag with a digest reference");
        }

        using TareEngine engine = session.OpenEngine();
        var request = new CommitRequest(name)
        {
            Author = arguments.Get(Author),
            Message = arguments.Get(Message),
            Changes = arguments.Get(Change),
            Pauses = arguments.Get(Pause),
        };
        ContainerRow row = EachContainer.Find(engine, arguments.Operands[0]);
        Digest id = new ContainerCommit(engine, request).RunAsync(row, session.Cancellation).GetAwaiter().GetResult();
        session.Output.WriteLine(id.ToString());
        return 0;
    }
}
