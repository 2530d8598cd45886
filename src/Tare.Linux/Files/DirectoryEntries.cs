// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>Ways to list a directory.</summary>
internal static class DirectoryEntries
{
    /// <summary>For foreach; see <see cref="Files.Entries"/>.</summary>
    public static Entries Entries(this Fd directory) => new(directory);

    /// <summary>All names, sorted by bytes; EFBIG when there are more than <paramref name="maxNames"/>.</summary>
    public static List<byte[]> SortedNames(this Fd directory, int maxNames)
    {
        List<byte[]> names = [];
        foreach (Entry entry in directory.Entries())
        {
            if (names.Count == maxNames)
            {
                throw new LinuxException(Errno.EFBIG, "getdents64", $"more than {maxNames} names");
            }

            names.Add(entry.Name.ToArray());
        }

        names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }

    public static bool IsEmptyDirectory(this Fd directory)
    {
        using Entries entries = new(directory);
        return !entries.MoveNext();
    }
}
