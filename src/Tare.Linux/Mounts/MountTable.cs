// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Mounts;

/// <summary>The mounts that a process sees, in the order of the kernel.</summary>
/// <remarks>man proc_pid_mountinfo(5)</remarks>
internal static class MountTable
{
    /// <summary>fs.mount-max is 100,000 by default, a line about 150 bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int FieldsBeforeTags = 6;

    /// <summary>Of this process's mount namespace.</summary>
    public static IReadOnlyList<MountEntry> Read() => Parse(HostPath.ReadAll("/proc/thread-self/mountinfo", MaxBytes));

    /// <summary>Of the mount namespace of a thread; null when it is gone.</summary>
    public static IReadOnlyList<MountEntry>? TryRead(int process, int thread)
    {
        try
        {
            byte[]? text = HostPath.TryReadAll(FormattableString.Invariant($"/proc/{process}/task/{thread}/mountinfo"), MaxBytes);
            return text is null ? null : Parse(text);
        }
        catch (LinuxException e) when (e.Errno is Errno.ESRCH or Errno.EINVAL or Errno.EACCES or Errno.EPERM)
        {
            // EINVAL: it is ending and has no namespace any more
            return null;
        }
    }

    /// <summary>EPROTO for a line that is not as the manual says.</summary>
    public static IReadOnlyList<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        List<MountEntry> entries = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (!line.IsEmpty)
            {
                entries.Add(ParseLine(line));
            }
        }

        return entries;
    }

    private static MountEntry ParseLine(ReadOnlySpan<byte> line)
    {
        List<byte[]> fields = [];
        foreach (Range range in line.Split((byte)' '))
        {
            fields.Add(line[range].ToArray());
        }

        int separator = fields.FindIndex(static f => f.AsSpan().SequenceEqual("-"u8));
        if (separator < FieldsBeforeTags || fields.Count < separator + 4)
        {
            throw Malformed(line);
        }

        return new MountEntry(
            Number(fields[0], line),
            Number(fields[1], line),
            Device(fields[2], line),
            Unescape(fields[3]),
            Unescape(fields[4]),
            Encoding.UTF8.GetString(fields[5]),
            [.. fields[FieldsBeforeTags..separator].Select(Encoding.UTF8.GetString)],
            Encoding.UTF8.GetString(fields[separator + 1]),
            Unescape(fields[separator + 2]),
            Encoding.UTF8.GetString(fields[separator + 3]));
    }

    private static DeviceNumber Device(ReadOnlySpan<byte> field, ReadOnlySpan<byte> line)
    {
        int colon = field.IndexOf((byte)':');
        return colon > 0
            ? new DeviceNumber((uint)Number(field[..colon], line), (uint)Number(field[(colon + 1)..], line))
            : throw Malformed(line);
    }

    private static int Number(ReadOnlySpan<byte> field, ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(field, out int value, out int used) && used == field.Length && value >= 0
            ? value
            : throw Malformed(line);

    /// <summary>Space, tab, newline, backslash and # are written as a backslash and three octal digits.</summary>
    internal static byte[] Unescape(ReadOnlySpan<byte> field)
    {
        byte[] result = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && TryOctal(field[(i + 1)..], out byte value))
            {
                result[length++] = value;
                i += 3;
            }
            else
            {
                result[length++] = field[i];
            }
        }

        return result[..length];
    }

    private static bool TryOctal(ReadOnlySpan<byte> digits, out byte value)
    {
        value = 0;
        if (digits.Length < 3 || digits[..3].ContainsAnyExceptInRange((byte)'0', (byte)'7') || digits[0] > '3')
        {
            return false;
        }

        value = (byte)(((digits[0] - '0') << 6) | ((digits[1] - '0') << 3) | (digits[2] - '0'));
        return true;
    }

    private static LinuxException Malformed(ReadOnlySpan<byte> line) =>
        new(Errno.EPROTO, "mountinfo", Encoding.UTF8.GetString(line));
}
