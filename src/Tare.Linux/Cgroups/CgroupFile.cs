// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Reads and writes the small text files of a cgroup.</summary>
internal static class CgroupFile
{
    /// <summary>All but the lists of processes are far shorter.</summary>
    private const int MaxBytes = 1 << 20;

    internal static void Write(string directory, string file, long value) =>
        Write(directory, file, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One write call. A failure names the value and the file.</summary>
    internal static void Write(string directory, string file, string value)
    {
        using Fd knob = HostPath.Open($"{directory}/{file}", OpenFlags.WriteOnly);
        Write(knob, $"{directory}/{file}", value);
    }

    internal static void Write(Fd knob, string path, string value)
    {
        try
        {
            knob.Write(Encoding.ASCII.GetBytes(value));
        }
        catch (LinuxException e)
        {
            throw new LinuxException(e.Errno, "write", $"'{value}' to {path}");
        }
    }

    /// <summary>Without the line end; null when there is no such file.</summary>
    internal static string? TryReadLine(string directory, string file) =>
        TryRead($"{directory}/{file}") is { } bytes
            ? Encoding.ASCII.GetString(bytes).TrimEnd('\n')
            : null;

    /// <summary>Null when there is no such file or no number in it (<c>max</c>).</summary>
    internal static long? TryReadNumber(string directory, string file) =>
        TryRead($"{directory}/{file}") is { } bytes
            && Utf8Parser.TryParse(bytes, out long number, out _)
            ? number
            : null;

    /// <summary>The number behind a key at the start of a line; null when there is no such file or key.</summary>
    internal static long? TryReadKey(string directory, string file, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> text = TryRead($"{directory}/{file}");
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (line.Length > key.Length && line.StartsWith(key) && line[key.Length] == ' '
                && Utf8Parser.TryParse(line[(key.Length + 1)..], out long number, out _))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Null when there is no such file, or its cgroup was removed after it was opened (ENODEV).</summary>
    internal static byte[]? TryRead(string path, int maxBytes = MaxBytes)
    {
        try
        {
            return HostPath.TryReadAll(path, maxBytes);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
