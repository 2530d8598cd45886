// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Formats.Tar;
using System.Text;

namespace Tare.Conformance;

/// <summary>A root file system of one program with many names, made from Debian's busybox-static.</summary>
public static class BusyboxTar
{
    private const string Program = "/usr/bin/busybox";

    private static readonly Lazy<byte[]> Made = new(Make);

    /// <summary>The tar, for <c>tare import</c>.</summary>
    public static byte[] Bytes => Made.Value;

    private static byte[] Make()
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            Folder(writer, "bin", 0b111_101_101);
            Folder(writer, "etc", 0b111_101_101);
            Folder(writer, "root", 0b111_000_000);
            Folder(writer, "data", 0b111_101_101);
            Folder(writer, "tmp", 0b1_111_111_111);
            File(writer, "bin/busybox", System.IO.File.ReadAllBytes(Program), 0b111_101_101);
            File(writer, "bin/garbage", "\u0001\u0002 no program"u8, 0b111_101_101);
            File(writer, "bin/lost", "#!/no/such/interpreter\n"u8, 0b111_101_101);
            File(writer, "bin/unrunnable", "#!/bin/sh\n"u8, 0b110_100_100);
            File(writer, "data/from-image", "copied up"u8, 0b110_100_100);
            File(writer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n1000:x:0:0::/root:/bin/sh\n"u8, 0b110_100_100);
            File(writer, "etc/group", "root:x:0:\nuser:x:1000:\nextra:x:2000:user\n"u8, 0b110_100_100);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "way-out") { LinkName = "../../../../tmp" });
            foreach (string name in Applets().Where(name => name != "busybox"))
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{name}") { LinkName = "busybox" });
            }
        }

        return bytes.ToArray();
    }

    private static string[] Applets()
    {
        using Process list = Process.Start(new ProcessStartInfo(Program, "--list") { RedirectStandardOutput = true })!;
        string[] names = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.WaitForExit();
        return names;
    }

    private static void Folder(TarWriter writer, string name, int mode) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)mode });

    private static void File(TarWriter writer, string name, ReadOnlySpan<byte> content, int mode) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)mode,
            DataStream = new MemoryStream(content.ToArray()),
            ModificationTime = DateTimeOffset.UnixEpoch,
        });
}
