// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>The canonical encoding behind a <see cref="VertexId"/>: every value carries its length, every list its
/// count, null differs from empty.</summary>
internal sealed class DefinitionWriter : IDisposable
{
    private const string Version = "tare vertex 1";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public DefinitionWriter() => Add(Version);

    public void Dispose() => _hash.Dispose();

    public void Add(string? text)
    {
        if (text is null)
        {
            Add(-1L);
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add((long)bytes.Length);
        _hash.AppendData(bytes);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((long)bytes.Length);
        _hash.AppendData(bytes);
    }

    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _hash.AppendData(bytes);
    }

    public void Add(bool? truth) => Add(truth switch { null => -1L, true => 1L, false => 0L });

    public void Add(IReadOnlyList<string> texts)
    {
        Add((long)texts.Count);
        foreach (string text in texts)
        {
            Add(text);
        }
    }

    /// <summary>The id of all that was added.</summary>
    public VertexId Id() => new(Digest.FromHash(_hash.GetHashAndReset()));
}
