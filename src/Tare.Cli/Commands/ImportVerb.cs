// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Images;
using Tare.Images.Archive;
using Tare.Images.Import;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare import</c>: an image of one layer from the tar of a file system.</summary>
internal static class ImportVerb
{
    private static readonly Flag<IReadOnlyList<string>> Change =
        Flag.List("-c, --change", "list", "Apply a Dockerfile instruction to the created image");
    private static readonly Flag<string?> Message =
        Flag.Text("-m, --message", "string", "Set commit message for imported image");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Set the platform (os/arch[/variant])");

    public static Verb Create() =>
        new("Import the contents from a tarball to create a filesystem image", "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", Act)
        {
            Flags = [Change, Message, Platform],
            MinOperands = 1,
            MaxOperands = 2,
            Completes = Candidates.Files,
            Examples =
            [
                ("tare import root.tar.xz mine:1", "plain or with gzip, zstd, xz"),
                ("tar -C root -c . | tare import -c 'CMD [\"/bin/sh\"]' - mine:1", "from a pipe, with a command"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string from = arguments.Operands[0];
        Reference? name = arguments.Operands is [_, var text] ? Reference.Parse(text) : null;
        Platform? platform = arguments.Get(Platform) is { } wanted ? Tare.Oci.Platform.Parse(wanted, Hardware.Host) : null;
        using ImageStore images = session.OpenImages();
        using ArchiveInput tar = Open(from, session.Cancellation);
        var request = new ImportRequest(tar, from, name)
        {
            Changes = arguments.Get(Change),
            Message = arguments.Get(Message),
            Platform = platform,
        };
        Digest id = images.ImportAsync(request, session.Cancellation).GetAwaiter().GetResult();
        session.Output.WriteLine(id.ToString());
        return 0;
    }

    private static ArchiveInput Open(string from, CancellationToken ct) =>
        from == "-" ? ArchiveInput.From("-", Session.OpenInput())
        : Download.IsUrl(from) ? Download.OpenAsync(from, ct).GetAwaiter().GetResult()
        : ArchiveInput.Open(from);
}
