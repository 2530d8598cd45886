// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Images;
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare load</c>.</summary>
internal static class LoadVerb
{
    private static readonly Flag<string?> Input =
        Flag.File("-i, --input", "Read from a tar archive file or a folder, instead of STDIN");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Load only this platform of images that have several (os/arch[/variant])");
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress the load output");

    public static Verb Create() => new("Load an image from a tar archive or STDIN", "[OPTIONS]", Act)
    {
        Flags = [Input, Platform, Quiet],
        MaxOperands = 0,
        Examples =
        [
            ("tare load -i app.tar.gz", "docker archives and OCI layouts, plain or with gzip, zstd, xz"),
            ("docker save app | tare load", "from a pipe"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Platform? platform = arguments.Get(Platform) is { } text ? Tare.Oci.Platform.Parse(text, Hardware.Host) : null;
        using ArchiveInput archive = Open(arguments.Get(Input));
        using ImageStore images = session.OpenImages();
        CancellationToken ct = session.Cancellation;
        foreach (LoadedImage loaded in images.LoadAsync(archive, platform, ct).ToBlockingEnumerable(ct))
        {
            foreach (string line in loaded.Lines)
            {
                session.Output.WriteLine(line);
            }

            session.Flush();
        }

        return 0;
    }

    private static ArchiveInput Open(string? path)
    {
        if (path is not (null or "-"))
        {
            return ArchiveInput.Open(path);
        }

        Fd input = Session.OpenInput();
        if (TerminalMode.IsTerminal(input))
        {
            input.Dispose();
            throw new TareException(
                ErrorKind.InvalidArgument, "load: standard input is a terminal", "name a file with -i, or use < or a pipe");
        }

        return ArchiveInput.From("-", input);
    }
}
