// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Cli.Arguments;
using Tare.Images;
using Tare.Images.Layout;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare save</c>: an archive that docker, podman, skopeo and Tare load.</summary>
internal static class SaveVerb
{
    private const uint FileMode = 0b110_000_000;

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
        Task Save(Stream output) => images.SaveAsync(arguments.Operands, platform, output, session.Cancellation);
        if (arguments.Get(Output) is { } path)
        {
            SaveToFile(path, Save);
            return 0;
        }

        using var output = new FdStream(Session.OpenOutput());
        RefuseTerminal();
        Save(output).GetAwaiter().GetResult();
        return 0;
    }

    private static void RefuseTerminal()
    {
        using Fd output = Session.OpenOutput();
        if (TerminalMode.IsTerminal(output))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "cowardly refusing to save to a terminal", "use the -o flag or redirect");
        }
    }

    /// <summary>The file appears whole or not at all.</summary>
    private static void SaveToFile(string path, Func<Stream, Task> save)
    {
        string full = OutputPath.Full(path);
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        byte[] temporary = AtomicFile.TemporaryName();
        using Fd folder = HostPath.OpenDirectory(Path.GetDirectoryName(full) ?? "/");
        try
        {
            using (var output = new FdStream(folder.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode)))
            {
                save(output).GetAwaiter().GetResult();
            }

            folder.Rename(temporary, folder, name);
        }
        catch
        {
            folder.TryUnlink(temporary);
            throw;
        }
    }
}
