// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>The number of a process in the pid namespace that it lives in.</summary>
/// <remarks>man proc_pid_status(5), NSpid: from the reader's namespace to the innermost</remarks>
internal static class NamespacePid
{
    private const int MaxBytes = 16 << 10;

    /// <summary>0 when there is no such process.</summary>
    /// <param name="pid">in this process's pid namespace</param>
    public static int Of(int pid)
    {
        try
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status");
            return HostPath.TryReadAll(path, MaxBytes) is { } bytes ? Parse(bytes) : 0;
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ESRCH)
        {
            return 0;
        }
    }

    /// <summary>0 when it does not say.</summary>
    internal static int Parse(ReadOnlySpan<byte> status)
    {
        int line = status.IndexOf("\nNSpid:"u8);
        if (line < 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> numbers = status[(line + 1)..];
        int end = numbers.IndexOf((byte)'\n');
        string text = Encoding.ASCII.GetString(end < 0 ? numbers : numbers[..end]);
        return int.TryParse(text.Split('\t')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }
}
