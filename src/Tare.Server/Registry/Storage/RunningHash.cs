// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>The hash of the first bytes of an upload, carried on while more arrive.</summary>
internal sealed class RunningHash(Oci.HashAlgorithm algorithm) : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(
        algorithm == Oci.HashAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

    public Oci.HashAlgorithm Algorithm => algorithm;

    /// <summary>Bytes hashed so far.</summary>
    public long Count { get; private set; }

    /// <summary>The hash of the first <paramref name="length"/> bytes of a file.</summary>
    public static RunningHash Of(Fd file, long length, Oci.HashAlgorithm algorithm)
    {
        RunningHash hash = new(algorithm);
        byte[] buffer = new byte[(int)Math.Min(BufferBytes, length)];
        while (hash.Count < length)
        {
            int n = file.ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - hash.Count)), hash.Count);
            if (n == 0)
            {
                break;
            }

            hash.Append(buffer.AsSpan(0, n));
        }

        return hash;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Count += bytes.Length;
    }

    /// <summary>The digest of all so far; more may follow.</summary>
    public Digest Current() => Digest.FromHash(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
