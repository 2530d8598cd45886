// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>How much stands below a folder, while others may be writing there.</summary>
internal static class FolderSize
{
    private const int MaxDepth = 256;
    private const int MaxNames = 1 << 22;
    private const int Block = 4096;

    /// <summary>Bytes; whole blocks, and one at least for each name, so that many empty files count too.</summary>
    /// <exception cref="TareException">ResourceExhausted: folders deeper than anybody has them</exception>
    public static long Of(Fd folder) => Of(folder, 0);

    private static long Of(Fd folder, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"folders more than {MaxDepth} deep");
        }

        long bytes = 0;
        foreach (byte[] name in Names(folder))
        {
            if (folder.TryStatus(name) is not { } status)
            {
                continue;
            }

            bytes += status.IsRegular ? Math.Max(Block, (status.Size + Block - 1) / Block * Block) : Block;
            using Fd? below = status.IsDirectory
                ? folder.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow) : null;
            bytes += below is null ? 0 : Of(below, depth + 1);
        }

        return bytes;
    }

    /// <summary>None of a folder that was removed meanwhile.</summary>
    private static List<byte[]> Names(Fd folder)
    {
        try
        {
            return folder.SortedNames(MaxNames);
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ENOENT)
        {
            return [];
        }
    }
}
