// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Linux.Cgroups.Usage;

/// <summary>Reads what the kernel counts: files of numbers, of keys with numbers, of lines.</summary>
/// <remarks>What is not there, or not in this form, counts as nothing: the cgroup may go at any moment.</remarks>
internal static class UsageFile
{
    /// <summary>0 when there is no such file; <c>max</c> is the largest number.</summary>
    internal static ulong Number(string? directory, string file) =>
        directory is not null && CgroupFile.TryReadLine(directory, file) is { } text ? Parse(text) : 0;

    /// <summary>All numbers of a file between spaces, or of one line of it.</summary>
    internal static IReadOnlyList<ulong> Numbers(string text) => [.. Words(text).Select(Parse)];

    /// <summary>Keys and numbers, a pair each line, in the kernel's order.</summary>
    internal static IReadOnlyList<KeyValuePair<string, ulong>> Table(string? directory, string file)
    {
        List<KeyValuePair<string, ulong>> pairs = [];
        foreach (string line in Lines(directory, file))
        {
            if (Words(line) is [var key, var number])
            {
                pairs.Add(new(key, Parse(number)));
            }
        }

        return pairs;
    }

    /// <summary>The number behind a key; 0 when it is not there.</summary>
    internal static ulong Key(IReadOnlyList<KeyValuePair<string, ulong>> table, string key)
    {
        foreach ((string name, ulong value) in table)
        {
            if (name == key)
            {
                return value;
            }
        }

        return 0;
    }

    /// <summary>None when there is no such file, or the kernel does not count this (EOPNOTSUPP).</summary>
    internal static IReadOnlyList<string> Lines(string? directory, string file)
    {
        try
        {
            return directory is not null && CgroupFile.TryRead($"{directory}/{file}") is { } bytes
                ? Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                : [];
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return [];
        }
    }

    internal static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static ulong Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
        : text == "max" ? ulong.MaxValue
        : 0;
}
