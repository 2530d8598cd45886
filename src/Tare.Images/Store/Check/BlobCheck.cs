// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store.Check;

/// <summary>blobs/: every needed one is there with the right bytes, every other one is named.</summary>
internal sealed class BlobCheck(bool isQuick)
{
    private const string Blob = "blob";
    private const string Foreign = "file";
    private const string Unneeded = "no image needs it";

    private readonly HashSet<Digest> _sound = [];

    public IEnumerable<Finding> Look(StoreState state)
    {
        List<Finding> findings = [];
        HashSet<Digest> there = [];
        foreach ((byte[] name, FileKind kind) in state.Names("blobs"))
        {
            string folder = Encoding.UTF8.GetString(name);
            HashAlgorithm algorithm = AlgorithmOf(folder);
            if (algorithm == HashAlgorithm.None || kind != FileKind.Directory)
            {
                findings.Add(Stray($"blobs/{folder}"));
            }
            else
            {
                findings.AddRange(LookInto(state, folder, algorithm, there));
            }
        }

        foreach (IGrouping<Digest, long?> needed in state.Store.Catalog.NeededBlobs().GroupBy(static n => n.Blob, static n => n.Size))
        {
            long? size = needed.FirstOrDefault(static s => s is not null);
            if ((there.Contains(needed.Key) ? Damage(state, needed.Key, size) : "it is not in the store") is { } what)
            {
                findings.Add(Broken(state, needed.Key, what));
            }
        }

        return findings;
    }

    /// <summary>Removes foreign files, and damaged blobs that no running load relies on; a config comes back from the catalog.</summary>
    public static void Repair(StoreState state, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (finding.Kind == Foreign && finding.Subject.StartsWith("blobs/", StringComparison.Ordinal))
            {
                state.Remove(finding.Subject);
            }
            else if (finding.Kind == Blob && finding.Text != Unneeded && Digest.TryParse(finding.Subject, out Digest blob))
            {
                RemoveDamaged(state, blob);
                RestoreConfig(state.Store, blob);
            }
        }
    }

    private static IEnumerable<Finding> LookInto(
        StoreState state, string folder, HashAlgorithm algorithm, HashSet<Digest> there)
    {
        foreach ((byte[] name, FileKind kind) in state.Names("blobs", folder))
        {
            string hex = Encoding.UTF8.GetString(name);
            bool isBlob = Digest.TryParseHex(algorithm, hex, out Digest digest) && kind == FileKind.Regular;
            if (isBlob)
            {
                there.Add(digest);
            }

            if (!isBlob)
            {
                yield return Stray($"blobs/{folder}/{hex}");
            }
            else if (!state.Kept.Contains(Lease.Item(digest)))
            {
                yield return new(Blob, digest.ToString(), Unneeded, Repairable: true);
            }
        }
    }

    /// <summary>What is wrong with a stored blob, or null; null too when it is gone by now, which the next look sees.</summary>
    private string? Damage(StoreState state, Digest digest, long? size)
    {
        using Fd? file = state.Store.Blobs.TryOpen(digest);
        if (file is null)
        {
            return null;
        }

        long found = file.Status().Size;
        if (size is { } wanted && found != wanted)
        {
            return $"it has {found} bytes, not {wanted}";
        }

        if (isQuick || _sound.Contains(digest))
        {
            return null;
        }

        Digest hash = Hash(file, digest.Algorithm);
        if (hash != digest)
        {
            return $"its bytes have the digest {hash}";
        }

        _sound.Add(digest);
        return null;
    }

    private static Digest Hash(Fd file, HashAlgorithm algorithm)
    {
        byte[] buffer = new byte[1 << 18];
        using var stream = new FdStream(file, leaveOpen: true);
        using var hashing = new HashingStream(stream, algorithm);
        while (hashing.Read(buffer) > 0)
        {
        }

        return hashing.Finish();
    }

    private static Finding Broken(StoreState state, Digest digest, string what)
    {
        string users = state.Users(Lease.Item(digest));
        return new(
            Blob,
            digest.ToString(),
            $"{what}; needed by {users}",
            Repairable: true,
            $"--repair removes what is damaged; then load {users} again (tare cannot fetch it by itself yet)");
    }

    private static Finding Stray(string path) => new(Foreign, path, "it is not a blob", Repairable: true);

    private static HashAlgorithm AlgorithmOf(string folder) => folder switch
    {
        "sha256" => HashAlgorithm.Sha256,
        "sha512" => HashAlgorithm.Sha512,
        _ => HashAlgorithm.None,
    };

    /// <summary>Inside a transaction: a load that begins later finds it gone, one that runs has its lease seen.</summary>
    private static void RemoveDamaged(StoreState state, Digest digest) => state.Store.Catalog.Write(durable: false, () =>
    {
        Lease.RemoveDead(state.Store.Folder, state.Store.Catalog);
        using Fd? file = state.Store.Blobs.TryOpen(digest);
        bool isLeased = state.Store.Catalog.Leases().Exists(lease => lease.Item == Lease.Item(digest));
        if (file is not null && !isLeased && Hash(file, digest.Algorithm) != digest)
        {
            state.Store.Blobs.Remove(digest);
        }

        return true;
    });

    private static void RestoreConfig(ImageStore store, Digest digest)
    {
        if (!store.Blobs.Has(digest) && store.Catalog.ConfigBytes(digest) is { } bytes && digest.Matches(bytes))
        {
            using Fd file = store.Blobs.Create(digest.Algorithm);
            file.Write(bytes);
            file.Sync();
            store.Blobs.Publish(file, digest);
            store.Blobs.Sync(digest.Algorithm);
        }
    }
}
