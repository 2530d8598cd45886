// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Images;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare save</c>: an archive that docker, podman, skopeo and Tare load.</summary>
internal static class SaveVerb
{
    private static readonly Flag<string?> Output =
        Flag.File("-o, --output", "Write to a file, instead of STDOUT");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Save only this platform of images that have several (os/arch[/variant])");

    public static Verb Create() =>
        new("Save one or more images to a tar archive (streamed to STDOUT by default)", "[OPTIONS] IMAGE [IMAGE...]", Act)
        {
            Flags = [Output, Platform],
            MinOperands = 1,
            Completes = Candidates.Images,
            Examples =
            [
                ("tare save -o app.tar app:1", "to a file"),
                ("tare save app:1 | zstd > app.tar.zst", "compressed"),
            ],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Platform? platform = arguments.Get(Platform) is { } text ? Tare.Oci.Platform.Parse(text, Hardware.Host) : null;
        using ImageStore images = session.OpenImages();
        ArchiveFile.Write(
            arguments.Get(Output), "save",
            output => images.SaveAsync(arguments.Operands, platform, output, session.Cancellation).GetAwaiter().GetResult());
        return 0;
    }
}
