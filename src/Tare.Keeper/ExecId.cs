// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;

namespace Tare.Keeper;

/// <summary>The name of an exec'ed process: 64 lower-case hex digits, drawn at random.</summary>
/// <remarks>Engine API v1.51, POST /containers/{id}/exec</remarks>
internal readonly record struct ExecId
{
    public const int Bytes = 32;

    private ExecId(string text) => Text = text;

    /// <summary>All 64 digits.</summary>
    public string Text { get; }

    public static ExecId Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        Entropy.Fill(random);
        return new(Convert.ToHexStringLower(random));
    }

    /// <summary>Of the bytes in a frame.</summary>
    public static ExecId Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes[..Bytes]));

    /// <summary>False unless <paramref name="text"/> is a whole id.</summary>
    public static bool TryParse(string text, out ExecId id)
    {
        bool whole = text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigitLower);
        id = whole ? new(text) : default;
        return whole;
    }

    /// <summary>The bytes of a frame.</summary>
    public byte[] Encode() => Convert.FromHexString(Text);
}
