// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Tare.Linux.Processes;

/// <summary>Compares byte strings by what they hold.</summary>
internal sealed class TextContent : IEqualityComparer<byte[]>
{
    public static TextContent Comparer { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] text)
    {
        const uint Prime = 16777619; // FNV-1a: these are short and our own
        uint hash = 2166136261;
        foreach (byte b in text)
        {
            hash = (hash ^ b) * Prime;
        }

        return (int)hash;
    }
}
