// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux;

namespace Tare.Engine.Containers;

/// <summary>The name that the engine gives a container: 64 lower-case hex digits, drawn at random, never reused.</summary>
internal readonly record struct ContainerId
{
    private const int Bytes = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private ContainerId(string text) => Text = text;

    /// <summary>All 64 digits.</summary>
    public string Text { get; }

    /// <summary>The first 12 digits, as tables show them.</summary>
    public string Short => Text[..12];

    /// <summary>A new id from the kernel's random source.</summary>
    public static ContainerId Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        Entropy.Fill(random);
        return new(Convert.ToHexStringLower(random));
    }

    /// <summary>False unless <paramref name="text"/> is a whole id.</summary>
    public static bool TryParse(string text, out ContainerId id)
    {
        bool whole = text.Length == Bytes * 2 && IsHex(text);
        id = whole ? new(text) : default;
        return whole;
    }

    /// <summary>True when <paramref name="text"/> may be the beginning of an id.</summary>
    public static bool IsPrefix(string text) => text.Length is > 0 and <= Bytes * 2 && IsHex(text);

    public override string ToString() => Text;

    private static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(HexDigits);
}
