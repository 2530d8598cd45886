// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage;

/// <summary>Running hashes of uploads between two requests; what is not here is read from the file again.</summary>
/// <remarks>Thread-safe. Bounded: an upload that finds no room is hashed again at its end.</remarks>
internal sealed class HashesUnderWay : IDisposable
{
    private const int MaxUploads = 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningHash> _hashes = [];

    /// <summary>Takes the hash out, if it covers exactly what the file has. The caller disposes or returns it.</summary>
    public RunningHash? TryTake(string upload, long length, Oci.HashAlgorithm? algorithm)
    {
        RunningHash? hash;
        lock (_lock)
        {
            if (!_hashes.Remove(upload, out hash))
            {
                return null;
            }
        }

        // another server may have gone on with this upload
        if (hash.Count == length && (algorithm is null || hash.Algorithm == algorithm))
        {
            return hash;
        }

        hash.Dispose();
        return null;
    }

    /// <summary>Takes ownership.</summary>
    public void Keep(string upload, RunningHash hash)
    {
        lock (_lock)
        {
            if (_hashes.Count < MaxUploads && _hashes.TryAdd(upload, hash))
            {
                return;
            }
        }

        hash.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (RunningHash hash in _hashes.Values)
            {
                hash.Dispose();
            }

            _hashes.Clear();
        }
    }
}
