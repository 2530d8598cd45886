// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>An upload as one request holds it: nobody else writes to it until Dispose.</summary>
internal sealed class Upload : IDisposable
{
    /// <summary>Bytes of the largest blob; more is an error before the disk is full.</summary>
    public const long MaxBytes = 1L << 40;

    private const int BufferBytes = 256 << 10;

    private readonly FileLock _writing;
    private readonly HashesUnderWay _hashes;
    private RunningHash? _hash;
    private bool _isGone;

    public Upload(string id, string name, Fd file, FileLock writing, HashesUnderWay hashes)
    {
        Id = id;
        Name = name;
        File = file;
        _writing = writing;
        _hashes = hashes;
        Length = file.Status().Size;
        // a new upload is hashed from its first byte on, as sha256 until its digest says otherwise
        _hash = hashes.TryTake(id, Length, algorithm: null) ?? (Length == 0 ? new(Oci.HashAlgorithm.Sha256) : null);
    }

    public string Id { get; }

    /// <summary>The name of its file.</summary>
    public string Name { get; }

    /// <summary>Lent.</summary>
    public Fd File { get; }

    /// <summary>Bytes received so far.</summary>
    public long Length { get; private set; }

    /// <summary>Names the function of the digest to come, so that the bytes need not be read twice.</summary>
    public void Expect(Oci.HashAlgorithm algorithm)
    {
        if (Length == 0 && _hash?.Algorithm != algorithm)
        {
            _hash?.Dispose();
            _hash = new(algorithm);
        }
    }

    /// <summary>Appends all of a stream. What arrived before a failure stays, so that the client can go on.</summary>
    /// <param name="body">read to its end</param>
    /// <param name="max">bytes that may come</param>
    /// <param name="cancellation">ends the wait for more</param>
    /// <exception cref="TareException">ResourceExhausted: more than <paramref name="max"/> bytes came</exception>
    public async Task AppendAsync(Stream body, long max, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int n;
            long left = max;
            while ((n = await body.ReadAtLeastAsync(buffer, BufferBytes / 2, throwOnEndOfStream: false, cancellation)) > 0)
            {
                if (n > left)
                {
                    throw new TareException(ErrorKind.ResourceExhausted, $"upload {Id}: got more than {max} bytes");
                }

                left -= n;
                Append(buffer.AsSpan(0, n));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes back what a request sent that lied about it.</summary>
    public void CutTo(long length)
    {
        File.SetLength(length);
        Length = length;
        _hash?.Dispose();
        _hash = null;
    }

    /// <summary>There will be no other request for it.</summary>
    public void Forget() => _isGone = true;

    /// <summary>What was received is on stable storage afterwards.</summary>
    public void MakeDurable() => File.Sync();

    /// <summary>The digest of all bytes; they are read again when they were not hashed while they came.</summary>
    public Digest Hash(Oci.HashAlgorithm algorithm)
    {
        if (_hash is null || _hash.Algorithm != algorithm || _hash.Count != Length)
        {
            _hash?.Dispose();
            _hash = RunningHash.Of(File, Length, algorithm);
        }

        return _hash.Current();
    }

    public void Dispose()
    {
        if (_hash is not null && !_isGone)
        {
            _hashes.Keep(Id, _hash);
        }
        else
        {
            _hash?.Dispose();
        }

        _writing.Dispose();
        File.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        File.WriteAt(bytes, Length);
        _hash?.Append(bytes);
        Length += bytes.Length;
    }
}
