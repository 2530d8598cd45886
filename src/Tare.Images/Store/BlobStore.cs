// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Content-addressed bytes: <c>blobs/sha256/HEX</c>, each file whole and verified from the moment it has a name.</summary>
/// <remarks>Safe to use from several threads and processes.</remarks>
internal sealed class BlobStore(StoreFolder folder)
{
    private const uint OwnerReads = 0b100_000_000;
    private const int MaxBlobs = 1 << 24;

    public bool Has(Digest digest) => folder.Blobs(digest.Algorithm).TryStatus(Name(digest)) is not null;

    /// <summary>Null when it is not in the store. The caller disposes.</summary>
    public Fd? TryOpen(Digest digest) => folder.Blobs(digest.Algorithm).TryOpen(Name(digest), OpenFlags.ReadOnly);

    /// <summary>The whole of a small blob.</summary>
    /// <exception cref="TareException">Corrupt when it is not there or is larger than <paramref name="maxBytes"/></exception>
    public byte[] ReadAll(Digest digest, int maxBytes)
    {
        using Fd file = TryOpen(digest) ?? throw new TareException(ErrorKind.Corrupt, $"blob {digest}: it is not in the store");
        return file.ReadAll(maxBytes);
    }

    /// <summary>A file without a name; <see cref="Publish"/> gives it one, closing it unpublished leaves nothing.</summary>
    public Fd Create(HashAlgorithm algorithm) => folder.Blobs(algorithm).OpenTemporary(OwnerReads);

    /// <summary>Names a file whose bytes are verified and durable. It does not matter who is first.</summary>
    public void Publish(Fd file, Digest digest)
    {
        try
        {
            folder.Blobs(digest.Algorithm).LinkFile(Name(digest), file);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // another process verified and stored the same bytes meanwhile
        }
    }

    public void Remove(Digest digest) => folder.Blobs(digest.Algorithm).TryUnlink(Name(digest));

    /// <summary>Makes the names durable.</summary>
    public void Sync(HashAlgorithm algorithm) => folder.Blobs(algorithm).Sync();

    /// <summary>What is stored; foreign files are passed over.</summary>
    public IReadOnlyList<Digest> List()
    {
        List<Digest> all = [];
        foreach (HashAlgorithm algorithm in (ReadOnlySpan<HashAlgorithm>)[HashAlgorithm.Sha256, HashAlgorithm.Sha512])
        {
            using Fd names = folder.Blobs(algorithm).Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
            foreach (byte[] name in names.SortedNames(MaxBlobs))
            {
                if (Digest.TryParseHex(algorithm, Encoding.ASCII.GetString(name), out Digest digest))
                {
                    all.Add(digest);
                }
            }
        }
        return all;
    }

    private static byte[] Name(Digest digest) => Encoding.ASCII.GetBytes(digest.Hex);
}
