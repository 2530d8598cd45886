// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Oci;

namespace Tare.Images;

/// <summary>The bytes that a descriptor promises: reading to the end throws when they are others, more or fewer.</summary>
/// <remarks>Nothing that was read is to be believed before the end was seen. Owns the inner stream. Read-only, in order.</remarks>
internal sealed class VerifyingStream : ForwardStream
{
    private readonly Stream _inner;
    private readonly Descriptor _promised;
    private readonly IncrementalHash _hash;
    private readonly string _noun;
    private long _read;

    /// <param name="inner">the bytes as received</param>
    /// <param name="promised">their size and digest</param>
    /// <param name="noun">what messages call the content, such as <c>layer</c></param>
    public VerifyingStream(Stream inner, Descriptor promised, string noun)
    {
        _inner = inner;
        _promised = promised;
        _noun = noun;
        _hash = IncrementalHash.CreateHash(
            promised.Digest.Algorithm == Oci.HashAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
    }

    /// <summary>True once all bytes were read and were right.</summary>
    public bool IsVerified { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || IsVerified)
        {
            return 0;
        }
        int n = _inner.Read(buffer);
        if (n == 0)
        {
            Finish();
            return 0;
        }
        _read += n;
        if (_read > _promised.Size)
        {
            throw Corrupt($"got more than {_promised.Size} bytes");
        }
        _hash.AppendData(buffer[..n]);
        return n;
    }

    /// <summary>Reads what is left and throws when the whole is not what was promised.</summary>
    public void ReadToEnd()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0)
        {
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Finish()
    {
        if (_read != _promised.Size)
        {
            throw Corrupt($"got {_read} bytes, want {_promised.Size}");
        }
        Digest found = Digest.FromHash(_hash.GetHashAndReset());
        IsVerified = found == _promised.Digest ? true : throw Corrupt($"its bytes have the digest {found}");
    }

    private TareException Corrupt(string what) => new(ErrorKind.Corrupt, $"{_noun} {_promised.Digest}: {what}");
}
