// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tare.Images.Store;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>Open stores, as one belongs to one thread at a time; a few are kept for the next request.</summary>
internal sealed class OpenStores(Func<ImageStore> open) : IDisposable
{
    private const int MaxIdle = 8;
    private readonly ConcurrentBag<ImageStore> _idle = [];

    /// <summary>Asks one store something, on this thread.</summary>
    public T Ask<T>(Func<ImageStore, T> question)
    {
        ImageStore store = Take();
        try
        {
            return question(store);
        }
        finally
        {
            Return(store);
        }
    }

    /// <summary>A store for longer; give it back with <see cref="Return"/>.</summary>
    public ImageStore Take() => _idle.TryTake(out ImageStore? store) ? store : open();

    public void Return(ImageStore store)
    {
        if (_idle.Count < MaxIdle)
        {
            _idle.Add(store);
        }
        else
        {
            store.Dispose();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out ImageStore? store))
        {
            store.Dispose();
        }
    }
}
