// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Cli.Arguments;
using Tare.Cli.Help;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Commands;

/// <summary><c>tare man --output FOLDER</c>: the man pages, for packages.</summary>
internal static class ManVerb
{
    private const uint FolderMode = 0b111_101_101;
    private const uint FileMode = 0b110_100_100;

    private static readonly Flag<string?> Folder = Flag.Text("-o, --output", "folder", "Where to write the pages");

    public static Verb Create() => new("Write the man pages", "--output FOLDER", Act)
    {
        Flags = [Folder],
        MaxOperands = 0,
        NeedsRoot = false,
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string path = arguments.Get(Folder) ?? throw new UsageException("required flag \"output\" not set", 1);
        using Fd folder = HostPath.MakeDirectories(path, FolderMode);
        Write(folder, ManPage.FileName(""), ManPage.Root());
        foreach (Call call in Verbs.All)
        {
            Write(folder, ManPage.FileName(call.Name), ManPage.Of(call));
        }

        return 0;
    }

    private static void Write(Fd folder, string name, string page) =>
        AtomicFile.Write(
            folder, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(page), durable: false, FileMode);
}
