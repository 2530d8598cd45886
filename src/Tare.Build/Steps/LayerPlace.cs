// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>Finds the one layer that holds all of a folder, or a file, so that it can be shown where it is instead of as a copy.</summary>
/// <remarks>Linux Documentation/filesystems/overlayfs.rst: folders of several layers are merged unless an upper one is opaque; all
/// else of an upper layer hides what is below. No layer has redirects (<see cref="Linux.Mounts.OverlayMount"/>).</remarks>
internal static class LayerPlace
{
    private const OpenFlags Look = OpenFlags.Path | OpenFlags.NoFollow;

    /// <param name="layers">their trees, the top first; lent</param>
    /// <param name="path">absolute</param>
    /// <returns>owned by the caller; null: it is of several layers, a link leads there, or it is not there</returns>
    public static Fd? TryFind(IReadOnlyList<Fd> layers, string path)
    {
        byte[][] names = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
        if (names.Length == 0)
        {
            return layers is [var only] ? only.Reopen(OpenFlags.Path | OpenFlags.Directory) : null;
        }

        if (names.Any(static name => name is [(byte)'.'] or [(byte)'.', (byte)'.']))
        {
            return null;
        }

        Fd? found = null;
        foreach (Fd layer in layers)
        {
            Fd? here = Walk(layer, names, out bool hidesBelow);
            if (here is not null && found is not null)
            {
                // below a folder a file is hidden, and another folder merged
                bool isMerged = here.Status().IsDirectory;
                here.Dispose();
                if (isMerged)
                {
                    found.Dispose();
                    return null;
                }

                return found;
            }

            found ??= here;
            if (hidesBelow)
            {
                break;
            }
        }

        return found is null || IsPlain(found) ? found : Nothing(found);
    }

    /// <summary>What a layer has at the path, and whether layers below have no say in it.</summary>
    private static Fd? Walk(Fd layer, byte[][] names, out bool hidesBelow)
    {
        hidesBelow = false;
        Fd at = layer.Duplicate();
        for (int i = 0; i < names.Length; i++)
        {
            using Fd parent = at;
            Fd? next = parent.TryOpen(names[i], Look);
            if (next is null)
            {
                return null;
            }

            at = next;
            bool isLast = i == names.Length - 1;
            bool isFolder = at.Status().IsDirectory;
            hidesBelow |= !isFolder || IsOpaque(parent, names[i]);
            if (!isFolder && !isLast)
            {
                return Nothing(at);
            }
        }

        return at;
    }

    private static bool IsOpaque(Fd parent, byte[] name)
    {
        using Fd folder = parent.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        return Whiteout.IsOpaque(folder);
    }

    /// <summary>A folder or a regular file: no link, and no mark that something is gone.</summary>
    private static bool IsPlain(Fd found) => found.Status() is { IsDirectory: true } or { IsRegular: true };

    private static Fd? Nothing(Fd instead)
    {
        instead.Dispose();
        return null;
    }
}
