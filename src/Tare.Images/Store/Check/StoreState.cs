// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Store.Check;

/// <summary>What the checks of the image store share in one look: who is alive, what leases keep, what there is.</summary>
/// <remarks>Opens folders without making them, so that a look changes nothing on disk.</remarks>
internal sealed class StoreState(ImageStore store)
{
    public const int MaxNames = 1 << 24;

    private readonly HeldLocks _locks = HeldLocks.Read();

    public ImageStore Store => store;

    /// <summary>What images and living loads need: digests of blobs and <c>layer:</c> spellings.</summary>
    public HashSet<string> Kept => field ??= ReadKept();

    /// <summary>True while a living process holds a name of the scratch folder.</summary>
    public bool IsHeld(string scratchName)
    {
        using Fd? scratch = TryOpen("tmp");
        return scratch is not null && _locks.IsHeld(scratch, Encoding.UTF8.GetBytes(scratchName + ".lock"));
    }

    /// <summary>A folder below the store's own; null when it is not there (yet).</summary>
    public Fd? TryOpen(params ReadOnlySpan<string> names)
    {
        Fd? current = store.Folder.Root.Duplicate();
        foreach (string name in names)
        {
            using Fd parent = current;
            current = parent.TryOpen(Encoding.ASCII.GetBytes(name), OpenFlags.ReadOnly | OpenFlags.Directory);
            if (current is null)
            {
                return null;
            }
        }

        return current;
    }

    /// <summary>All names in a folder with their kinds; none when it is not there.</summary>
    public List<(byte[] Name, FileKind Kind)> Names(params ReadOnlySpan<string> names)
    {
        using Fd? folder = TryOpen(names);
        if (folder is null)
        {
            return [];
        }

        List<(byte[] Name, FileKind Kind)> all = [];
        foreach (byte[] name in folder.SortedNames(MaxNames))
        {
            if (folder.TryStatus(name) is { } status)
            {
                all.Add((name, status.Kind));
            }
        }

        return all;
    }

    /// <summary>Removes what a finding called by this path, with all below it; names are compared as they were printed.</summary>
    public void Remove(string path)
    {
        int slash = path.LastIndexOf('/');
        using Fd? folder = TryOpen(path[..slash].Split('/'));
        foreach ((byte[] name, _) in Names(path[..slash].Split('/')))
        {
            if (folder is not null && Encoding.UTF8.GetString(name) == path[(slash + 1)..])
            {
                FileTree.Remove(folder, name);
            }
        }
    }

    /// <summary>How users call the images that need a blob or a layer.</summary>
    public string Users(string item)
    {
        string[] names = [.. store.Catalog.ManifestsThatNeed(item).SelectMany(store.Catalog.CallNames).Distinct().Order(StringComparer.Ordinal)];
        return names.Length > 0 ? string.Join(", ", names) : "nobody any more";
    }

    private HashSet<string> ReadKept()
    {
        HashSet<string> kept = [.. store.Catalog.NeededBlobs().Select(static needed => Lease.Item(needed.Blob))];
        kept.UnionWith(store.Catalog.NeededLayers().Select(Lease.Item));
        foreach (IGrouping<string, string> lease in store.Catalog.Leases().GroupBy(static l => l.Owner, static l => l.Item))
        {
            if (IsHeld(lease.Key))
            {
                kept.UnionWith(lease);
            }
        }

        return kept;
    }
}
