// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>A Dockerfile as lines of text, under the name that errors show.</summary>
internal sealed class SourceText
{
    /// <summary>Bytes of a whole file; real ones stay below 100 KiB.</summary>
    public const int MaxBytes = 2 << 20;

    /// <summary>Bytes of one line with its end: the bound of BuildKit's scanner.</summary>
    public const int MaxLineBytes = (64 << 10) - 1;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private SourceText(string name, IReadOnlyList<SourceLine> lines)
    {
        Name = name;
        Lines = lines;
    }

    /// <summary>The file's name as the user gave it.</summary>
    public string Name { get; }

    /// <summary>All lines in order; line 1 is entry 0.</summary>
    public IReadOnlyList<SourceLine> Lines { get; }

    /// <summary>Splits the bytes into lines; a byte order mark at the beginning is dropped.</summary>
    /// <exception cref="TareException">ResourceExhausted when the file or a line is too long</exception>
    public static SourceText Read(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{name}: {bytes.Length} bytes, a Dockerfile may have {MaxBytes}");
        }

        bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        List<SourceLine> lines = [];
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..(end + 1)];
            if (line.Length > MaxLineBytes)
            {
                throw new TareException(
                    ErrorKind.ResourceExhausted,
                    $"{name}:{lines.Count + 1}: a line of {line.Length} bytes, it may have {MaxLineBytes}");
            }

            lines.Add(Decode(line));
            bytes = bytes[line.Length..];
        }

        return new SourceText(name, lines);
    }

    private static SourceLine Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return new SourceLine(Strict.GetString(line), IsText: true);
        }
        catch (DecoderFallbackException)
        {
            return new SourceLine(Encoding.UTF8.GetString(line), IsText: false);
        }
    }
}

/// <summary>One line with the characters that end it.</summary>
/// <param name="Text">the characters, LF or CR LF included</param>
/// <param name="IsText">false when bytes that are no UTF-8 were replaced: fit for a comment only</param>
internal readonly record struct SourceLine(string Text, bool IsText)
{
    /// <summary>Without line feeds and carriage returns at its end.</summary>
    public string Content => Text.TrimEnd('\r', '\n');
}
