// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Images.Building;

/// <summary>The records of what builds made, and the lease that keeps what this build needs.</summary>
/// <remarks>Safe to use from several threads: the catalog's one connection is used under a lock. Dispose ends the lease.</remarks>
/// <param name="store">lent</param>
internal sealed class BuildCache(ImageStore store) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _leavesWaste;
    private readonly Lease _lease = Begin(store);

    /// <summary>What a step with this key made, kept from the collector for this build; null: nothing, or it is gone.</summary>
    public BuildRecord? Find(string key)
    {
        lock (_gate)
        {
            return store.Catalog.Write<BuildRecord?>(durable: false, () =>
            {
                if (store.Catalog.FindBuilt(key) is not { } record || !IsThere(record.Layer))
                {
                    return null;
                }

                store.Catalog.AddLease(_lease.Owner, ItemsOf(record.Layer));
                store.Catalog.TouchBuilt(key, store.Now);
                return record;
            });
        }
    }

    /// <summary>Records what a step made; the layer is in its place and durable.</summary>
    /// <param name="keys">all that lead to it</param>
    /// <param name="title">for people</param>
    /// <param name="layer">null: it changed nothing</param>
    /// <param name="inputs">what it depended on, kept with the last key; null: not told</param>
    public void Add(IReadOnlyList<string> keys, string title, StoredLayer? layer, byte[]? inputs = null)
    {
        if (keys.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            store.Catalog.Write(durable: false, () =>
            {
                foreach (string key in keys)
                {
                    _leavesWaste |= store.Catalog.FindBuilt(key) is { Layer: { } before } && before.Chain != layer?.Chain;
                    store.Catalog.AddBuilt(new BuildRecord(key, title, layer, store.Now, store.Now, 1));
                }

                if (inputs is not null)
                {
                    store.Catalog.AddInputs(keys[^1], inputs);
                }

                return true;
            });
        }
    }

    /// <summary>Titles and inputs of steps that ran before, the one that was used last at the end.</summary>
    public IReadOnlyList<(string Title, byte[] Inputs)> Earlier(int max)
    {
        lock (_gate)
        {
            return store.Catalog.RecentInputs(max);
        }
    }

    /// <summary>True when there is such a record whose layer is gone.</summary>
    public bool IsLost(string key)
    {
        lock (_gate)
        {
            return store.Catalog.FindBuilt(key) is { } record && !IsThere(record.Layer);
        }
    }

    /// <summary>Makes a tree known and keeps it; null when another build already has it, else what <paramref name="place"/> answers.</summary>
    /// <param name="layer">whose blob is in its place</param>
    /// <param name="place">gives the tree its name</param>
    public void Publish(StoredLayer layer, Action place)
    {
        lock (_gate)
        {
            _lease.Add(ItemsOf(layer));
            if (store.Catalog.TreeSize(layer.Chain) is null)
            {
                place();
                store.Layers.Sync();
                store.Catalog.Write(durable: false, () =>
                {
                    store.Catalog.AddTree(layer.Chain, layer.Size);
                    return true;
                });
            }
        }
    }

    /// <summary>Keeps an image's parts from the collector for this build.</summary>
    public void Keep(StoredImage image)
    {
        lock (_gate)
        {
            _lease.Add([.. store.ContentsOf(image.Root), .. image.Layers.SelectMany(ItemsOf)]);
        }
    }

    /// <summary>Uses the store while no step does.</summary>
    public T Alone<T>(Func<ImageStore, T> use)
    {
        lock (_gate)
        {
            return use(store);
        }
    }

    /// <summary>Something without a record was published: it goes when the build is over.</summary>
    public void LeaveWaste()
    {
        lock (_gate)
        {
            _leavesWaste = true;
        }
    }

    /// <summary>All keys that lead to what a step made, those of earlier builds too.</summary>
    /// <param name="known">of this build</param>
    /// <param name="title">of the step</param>
    /// <param name="layer">that it made; null: it changed nothing</param>
    public (IReadOnlyList<string> Keys, byte[]? Inputs) Known(IReadOnlyList<string> known, string title, StoredLayer? layer)
    {
        lock (_gate)
        {
            string[] keys = [.. known.Union(layer is null ? [] : store.Catalog.KeysOf(layer.Chain, title)).Order(StringComparer.Ordinal)];
            return (keys, keys.Select(store.Catalog.FindInputs).FirstOrDefault(static inputs => inputs is not null));
        }
    }

    /// <summary>What records that were replaced leave behind goes too.</summary>
    public void Dispose()
    {
        _lease.Dispose();
        if (_leavesWaste)
        {
            new Collector(store).Collect();
        }
    }

    private bool IsThere(StoredLayer? layer) => layer is null
        || (store.Catalog.TreeSize(layer.Chain) is not null && store.Blobs.Has(layer.Blob.Digest));

    private static IEnumerable<string> ItemsOf(StoredLayer? layer) =>
        layer is null ? [] : [Lease.Item(layer.Blob.Digest), Lease.Item(layer.Chain)];

    /// <summary>A build that was killed left trees and blobs that no record names: they go before the next one begins.</summary>
    private static Lease Begin(ImageStore store)
    {
        if (Scratch.Sweep(store.Folder, store.Now))
        {
            new Collector(store).Collect();
        }

        return Lease.Begin(store.Folder, store.Catalog);
    }
}
