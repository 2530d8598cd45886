// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Formats.Tar;

namespace Tare.Conformance.Build;

/// <summary>The image <c>base</c> of the corpus: busybox with its links, root alone, one file with a capability.</summary>
internal static class CorpusBase
{
    public const string Path = "PATH=/usr/local/bin:/usr/bin:/bin";

    private const string Program = "/usr/bin/busybox";
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;

    /// <summary>Version 2 with CAP_NET_BIND_SERVICE permitted and effective, as text of a PAX header.</summary>
    private static readonly string Capability = "\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    /// <summary>Writes the tar for <c>import</c>.</summary>
    public static void Write(string file)
    {
        using var writer = new TarWriter(File.Create(file), TarEntryFormat.Pax);
        foreach (string folder in (string[])["bin", "dev", "etc", "opt", "proc", "root", "sys", "tmp", "usr", "usr/bin", "usr/local", "usr/local/bin", "var"])
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder + "/") { Mode = folder == "tmp" ? (UnixFileMode)0b1_111_111_111 : Open });
        }

        Text(writer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        Text(writer, "etc/group", "root:x:0:\n");
        Add(writer, new PaxTarEntry(TarEntryType.RegularFile, "opt/capable", [new("SCHILY.xattr.security.capability", Capability)]), "capable\n"u8, Open);
        Add(writer, new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox"), File.ReadAllBytes(Program), Open);
        foreach (string name in Applets().Where(static name => name != "busybox"))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + name) { LinkName = "busybox" });
        }
    }

    private static string[] Applets()
    {
        using Process list = Process.Start(new ProcessStartInfo(Program, "--list") { RedirectStandardOutput = true })!;
        string[] names = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.WaitForExit();
        return names;
    }

    private static void Text(TarWriter writer, string name, string content) =>
        Add(writer, new PaxTarEntry(TarEntryType.RegularFile, name), System.Text.Encoding.UTF8.GetBytes(content), (UnixFileMode)0b110_100_100);

    private static void Add(TarWriter writer, PaxTarEntry entry, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        entry.Mode = mode;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.DataStream = new MemoryStream(content.ToArray());
        writer.WriteEntry(entry);
    }
}
