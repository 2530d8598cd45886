// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Keeps requests and the collector of this server apart: a bucket has no locks.</summary>
/// <remarks>Who counts on a key touches it first, and holds its lock while it is written; the collector takes none that was
/// touched since it began, and looks under the same lock. Safe to use from several threads.</remarks>
internal sealed class BucketTouches : IDisposable
{
    private const int Stripes = 64;
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Stripes).Select(static _ => new SemaphoreSlim(1))];
    private volatile ConcurrentDictionary<string, bool>? _touched;

    /// <summary>From here on touches are remembered.</summary>
    public void Begin() => _touched = new(StringComparer.Ordinal);

    public void End() => _touched = null;

    public void Touch(string key) => _touched?.TryAdd(key, true);

    /// <summary>Holds the lock of a key, touched, until Dispose.</summary>
    public async Task<Held> HoldAsync(string key, CancellationToken ct)
    {
        SemaphoreSlim stripe = _locks[(uint)StringComparer.Ordinal.GetHashCode(key) % Stripes];
        await stripe.WaitAsync(ct);
        Touch(key);
        return new(stripe);
    }

    /// <summary>Removes a key unless somebody touched it since <see cref="Begin"/>.</summary>
    public async Task<bool> TryRemoveAsync(string key, Func<Task> remove, CancellationToken ct)
    {
        SemaphoreSlim stripe = _locks[(uint)StringComparer.Ordinal.GetHashCode(key) % Stripes];
        await stripe.WaitAsync(ct);
        using Held held = new(stripe);
        if (_touched?.ContainsKey(key) != false)
        {
            return false;
        }

        await remove();
        return true;
    }

    public void Dispose() => Array.ForEach(_locks, static each => each.Dispose());

    /// <summary>A lock that is held.</summary>
    internal readonly struct Held(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
