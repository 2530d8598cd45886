// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>A line of a <see cref="NameFile"/>: its first word, then words of the form <c>key=value</c>.</summary>
internal ref struct NameLine
{
    private readonly ReadOnlySpan<byte> _line;
    private int _next;

    public NameLine(ReadOnlySpan<byte> line)
    {
        _line = line;
        int end = line.IndexOf((byte)' ');
        Kind = end < 0 ? line : line[..end];
        _next = end < 0 ? line.Length : end + 1;
    }

    public static ReadOnlySpan<byte> Network => "network"u8;

    public static ReadOnlySpan<byte> Endpoint => "endpoint"u8;

    public static ReadOnlySpan<byte> Id => "id"u8;

    public static ReadOnlySpan<byte> Name => "name"u8;

    public static ReadOnlySpan<byte> V4 => "ip"u8;

    public static ReadOnlySpan<byte> V6 => "ip6"u8;

    /// <summary>Its first word.</summary>
    public ReadOnlySpan<byte> Kind { get; }

    /// <summary>All behind the words that were read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _line[Math.Min(_next, _line.Length)..];

    /// <summary>Of the word that was read last; empty when it has none.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where <see cref="Value"/> begins in the line.</summary>
    public int ValueStart { get; private set; }

    /// <summary>The value as an address of ours; null: the word is not one, or damaged.</summary>
    public readonly InetAddress? Address =>
        (Key.SequenceEqual(V4) || Key.SequenceEqual(V6))
        && InetAddress.TryParse(Value, out InetAddress address)
        && address.IsV6 == Key.SequenceEqual(V6)
            ? address
            : (InetAddress?)null;

    /// <summary>Reads the next word; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= _line.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> word = Rest;
        int end = word.IndexOf((byte)' ');
        word = end < 0 ? word : word[..end];
        int equals = word.IndexOf((byte)'=');
        Key = equals < 0 ? default : word[..equals];
        Value = word[(equals + 1)..];
        ValueStart = _next + equals + 1;
        _next += word.Length + 1;
        return true;
    }
}
