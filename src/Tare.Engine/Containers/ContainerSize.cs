// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>How many bytes a container has written, and how many it sees.</summary>
/// <remarks>Of files as docker counts them: their lengths, one with several names once.</remarks>
internal static class ContainerSize
{
    private const int MaxDepth = 1024;

    /// <returns>bytes of the container's own layer, and of that with the image</returns>
    public static (long Own, long All) Of(TareEngine engine, ContainerRow row)
    {
        long own = 0;
        using Fd folder = engine.Folders.OpenContainer(row.Id.Text);
        using (Fd? upper = folder.TryOpen("upper"u8, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow))
        {
            if (upper is not null)
            {
                own = Sum(upper, [], 0);
            }
        }

        long image = engine.Images.FindManifest(Digest.Parse(row.Manifest))?.Layers.Sum(layer => layer.Size) ?? 0;
        return (own, own + image);
    }

    /// <summary>Bytes of all files below a folder.</summary>
    public static long Sum(Fd folder) => Sum(folder, [], 0);

    /// <summary>What goes away while it is counted counts nothing.</summary>
    private static long Sum(Fd folder, HashSet<ulong> seen, int depth)
    {
        long bytes = 0;
        foreach (byte[] name in folder.SortedNames(int.MaxValue))
        {
            if (folder.TryStatus(name) is not { } status)
            {
                continue;
            }

            if (status.IsDirectory && depth < MaxDepth)
            {
                using Fd? below = folder.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                bytes += below is null ? 0 : Sum(below, seen, depth + 1);
            }
            else if (status.IsRegular && (status.Links == 1 || seen.Add(status.Inode)))
            {
                bytes += status.Size;
            }
        }

        return bytes;
    }
}
