// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>The hash of stored bytes; the name of every blob, manifest and config.</summary>
/// <remarks>image-spec descriptor.md#digests. Text form: <c>sha256:</c> and 64, or <c>sha512:</c> and 128, lower-case
/// hex digits. <c>default</c> names nothing, prints as the empty text and equals only itself.</remarks>
[JsonConverter(typeof(DigestJson))]
public readonly struct Digest : IEquatable<Digest>
{
    /// <summary>Characters of the longest text form.</summary>
    internal const int MaxTextLength = 7 + (2 * SHA512.HashSizeInBytes);

    private const int PrefixLength = 7;
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private readonly Hash _hash;

    private Digest(HashAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        Algorithm = algorithm;
        hash.CopyTo(_hash);
    }

    /// <summary>Which hash function made it.</summary>
    public HashAlgorithm Algorithm { get; }

    /// <summary>True for <c>default</c>, which names nothing.</summary>
    public bool IsEmpty => Algorithm == HashAlgorithm.None;

    /// <summary>The hash alone in lower-case hex: the file name of the blob.</summary>
    public string Hex => Convert.ToHexStringLower(Bytes);

    /// <summary>The hash itself: 32 or 64 bytes (none for <c>default</c>).</summary>
    [UnscopedRef]
    internal ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_hash)[..Length(Algorithm)];

    /// <summary>Equal algorithm and equal bytes.</summary>
    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    /// <summary>Other algorithm or other bytes.</summary>
    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    /// <summary>False for any other algorithm, length or letter case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        HashAlgorithm algorithm = text.StartsWith("sha256:") ? HashAlgorithm.Sha256
            : text.StartsWith("sha512:") ? HashAlgorithm.Sha512
            : HashAlgorithm.None;
        return algorithm != HashAlgorithm.None && TryParseHex(algorithm, text[PrefixLength..], out digest);
    }

    /// <summary>The digest that <paramref name="text"/> spells.</summary>
    /// <exception cref="TareException">InvalidArgument when it is none</exception>
    public static Digest Parse(string text) => TryParse(text, out Digest digest)
        ? digest
        : throw new TareException(
            ErrorKind.InvalidArgument, $"{Quoted.Text(text)} is not a digest (sha256:<64 hex digits>)");

    /// <summary>Parses the hash without its algorithm, as blob file names spell it; lower-case only.</summary>
    internal static bool TryParseHex(HashAlgorithm algorithm, ReadOnlySpan<char> hex, out Digest digest)
    {
        digest = default;
        int length = Length(algorithm);
        if (length == 0 || hex.Length != 2 * length || hex.ContainsAnyExcept(LowerHex))
        {
            return false;
        }
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        Convert.FromHexString(hex, hash, out _, out int written);
        digest = new Digest(algorithm, hash[..written]);
        return written == length;
    }

    /// <summary>Takes over a finished hash of 32 bytes (sha256) or 64 bytes (sha512).</summary>
    internal static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length switch
    {
        SHA256.HashSizeInBytes => new Digest(HashAlgorithm.Sha256, hash),
        SHA512.HashSizeInBytes => new Digest(HashAlgorithm.Sha512, hash),
        _ => throw new ArgumentException($"no digest has {hash.Length} bytes", nameof(hash)),
    };

    /// <summary>The sha256 of <paramref name="content"/>.</summary>
    /// <remarks>The first hash of a process loads the crypto library (about 2 ms): not for the fast path of
    /// run.</remarks>
    internal static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new Digest(HashAlgorithm.Sha256, hash);
    }

    /// <summary>True when <paramref name="content"/> hashes to this digest.</summary>
    internal bool Matches(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int written = Algorithm switch
        {
            HashAlgorithm.Sha256 => SHA256.HashData(content, hash),
            HashAlgorithm.Sha512 => SHA512.HashData(content, hash),
            _ => 0,
        };
        return written > 0 && hash[..written].SequenceEqual(Bytes);
    }

    /// <inheritdoc/>
    public bool Equals(Digest other) => Algorithm == other.Algorithm && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    /// <inheritdoc/>
    // The bytes are already uniformly spread; the first four are as good as any.
    public override int GetHashCode() => IsEmpty ? 0 : BitConverter.ToInt32(Bytes);

    /// <summary>The text form, such as <c>sha256:e3b0…</c>.</summary>
    public override string ToString() => Algorithm switch
    {
        HashAlgorithm.Sha256 => "sha256:" + Hex,
        HashAlgorithm.Sha512 => "sha512:" + Hex,
        _ => "",
    };

    private static int Length(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => SHA256.HashSizeInBytes,
        HashAlgorithm.Sha512 => SHA512.HashSizeInBytes,
        _ => 0,
    };

    [InlineArray(SHA512.HashSizeInBytes)]
    private struct Hash
    {
        private byte _first;
    }
}
