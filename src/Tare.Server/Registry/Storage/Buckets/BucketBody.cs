// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Images.Archive;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>What is sent with a request.</summary>
/// <param name="Content">the body; null for none</param>
/// <param name="Hash">of the body, for the signature; null for that of none</param>
/// <param name="From">the first byte that is asked for; null for all</param>
internal sealed record BucketBody(HttpContent? Content, string? Hash, long? From)
{
    private const int BufferBytes = 256 << 10;

    public static BucketBody Of(byte[] bytes) =>
        new(new ByteArrayContent(bytes), Signature.Hex(SHA256.HashData(bytes)), null);

    /// <summary>A part of a file, streamed; lends the file.</summary>
    /// <param name="file">the whole</param>
    /// <param name="from">first byte</param>
    /// <param name="length">bytes</param>
    /// <param name="isSecure">TLS protects it, so it is not hashed first</param>
    public static BucketBody Of(Fd file, long from, long length, bool isSecure)
    {
        StreamContent content = new(new FileRange(file, from, length), BufferBytes);
        content.Headers.ContentLength = length;
        return new(content, isSecure ? Signature.Unsigned : HashOf(file, from, length), null);
    }

    /// <summary>No body; asks for an object from a byte on.</summary>
    public static BucketBody Range(long from) => new(null, null, from);

    private static string HashOf(Fd file, long from, long length)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[(int)Math.Min(BufferBytes, Math.Max(1, length))];
        for (long at = from; at < from + length;)
        {
            int n = file.ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, from + length - at)), at);
            if (n == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, n);
            at += n;
        }

        return Signature.Hex(hash.GetHashAndReset());
    }
}
