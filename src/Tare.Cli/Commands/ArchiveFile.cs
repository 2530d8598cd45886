// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Layout;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Where <c>save</c> and <c>export</c> write: a file, or standard output when that is no terminal.</summary>
internal static class ArchiveFile
{
    private const uint FileMode = 0b110_000_000;

    /// <param name="path">null: standard output</param>
    /// <param name="verb">for the error</param>
    /// <param name="write">writes it; the stream is lent</param>
    public static void Write(string? path, string verb, Action<Stream> write)
    {
        if (path is not null)
        {
            ToFile(path, write);
            return;
        }

        using var output = new FdStream(Session.OpenOutput());
        RefuseTerminal(verb);
        write(output);
    }

    private static void RefuseTerminal(string verb)
    {
        using Fd output = Session.OpenOutput();
        if (TerminalMode.IsTerminal(output))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"cowardly refusing to {verb} to a terminal", "use the -o flag or redirect");
        }
    }

    /// <summary>The file appears whole or not at all.</summary>
    private static void ToFile(string path, Action<Stream> write)
    {
        string full = OutputPath.Full(path);
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        byte[] temporary = AtomicFile.TemporaryName();
        using Fd folder = HostPath.OpenDirectory(Path.GetDirectoryName(full) ?? "/");
        try
        {
            using (var output = new FdStream(folder.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode)))
            {
                write(output);
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
