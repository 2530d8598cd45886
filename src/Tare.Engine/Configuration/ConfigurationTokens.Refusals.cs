// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tare.Oci;

namespace Tare.Engine.Configuration;

internal ref partial struct ConfigurationTokens
{
    private const string Allowed = "the file is JSON; comments and a comma after the last entry are allowed";

    /// <summary>The error for the value that the reader stands at.</summary>
    /// <param name="reason">the cause alone, such as <c>want a size such as 20m</c></param>
    /// <param name="hint">what can be done about it</param>
    public readonly TareException Fail(string reason, string? hint = null) =>
        FailAt((int)_reader.TokenStartIndex, _key.Length == 0 ? reason : $"{_key}: {reason}", hint);

    /// <summary>The error for a value of another kind.</summary>
    private readonly TareException Wrong(string want)
    {
        string kind = _reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a text",
            JsonTokenType.Number => "a number",
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => "null",
        };
        return Fail($"want {want}, not {kind}");
    }

    private readonly TareException Unknown<T>(string name, IReadOnlyList<ConfigurationKey<T>> keys)
    {
        List<string> known = [.. keys.Select(key => key.Name)];
        string hint = Suggestion.Nearest(name, known) is { } nearest
            ? $"did you mean {Quoted.Text(nearest)}?"
            : $"the keys are {string.Join(", ", known)}";
        return Fail($"unknown key {Quoted.Text(name)}", hint);
    }

    /// <remarks>The reader's own words are left out of the binary, so the character it stopped at has to do.</remarks>
    private readonly TareException Malformed(JsonException cause)
    {
        int start = 0;
        for (long line = cause.LineNumber ?? 0; line > 0; line--)
        {
            start += _bytes[start..].IndexOf((byte)'\n') + 1;
        }

        int at = (int)Math.Min(start + (cause.BytePositionInLine ?? 0), _bytes.Length);
        if (Rune.DecodeFromUtf8(_bytes[at..], out Rune rune, out _) != OperationStatus.Done)
        {
            return FailAt(_bytes.Length, "the file ends too early", Allowed);
        }

        string found = rune.Value == '"' ? "quotation mark" : Quoted.Text(rune.ToString());
        return FailAt(at, $"unexpected {found}", Allowed);
    }

    private readonly TareException FailAt(int at, string reason, string? hint = null)
    {
        ReadOnlySpan<byte> before = _bytes[..at];
        int line = before.Count((byte)'\n') + 1;

        // characters, not bytes: what an editor shows
        ReadOnlySpan<byte> head = before[(before.LastIndexOf((byte)'\n') + 1)..];
        int column = 1;
        foreach (byte each in head)
        {
            column += (each & 0b1100_0000) == 0b1000_0000 ? 0 : 1;
        }

        string where = string.Create(CultureInfo.InvariantCulture, $"config {_file}: line {line}, column {column}");
        return new(ErrorKind.InvalidArgument, $"{where}: {reason}", hint);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
