// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Oci;
using HashAlgorithm = Tare.Oci.HashAlgorithm;

namespace Tare.Images.Store;

/// <summary>Hashes what is read through it. Lends the inner stream.</summary>
internal sealed class HashingStream(Stream inner, HashAlgorithm algorithm) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(
        algorithm == HashAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int n = inner.Read(buffer);
        _hash.AppendData(buffer[..n]);
        Count += n;
        return n;
    }

    /// <summary>The digest of everything read; once, at the end.</summary>
    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }
}
