// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Runtime.Lifecycle;

/// <summary>A file with the number of a process, for whoever started the runtime.</summary>
internal static class PidFile
{
    private const uint Readable = 0b110_100_100;

    /// <summary>Whole or not at all.</summary>
    public static void Write(string path, int pid)
    {
        string whole = Path.GetFullPath(path);
        using Fd directory = HostPath.OpenDirectory(Path.GetDirectoryName(whole)!);
        byte[] text = Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture));
        AtomicFile.Write(directory, Encoding.UTF8.GetBytes(Path.GetFileName(whole)), text, durable: false, Readable);
    }
}
