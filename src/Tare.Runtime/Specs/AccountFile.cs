// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>The text of an image's /etc/passwd or /etc/group: lines of fields between colons.</summary>
/// <remarks>man passwd(5), group(5). Comments and NIS entries (#, +, -) are nobody.</remarks>
internal sealed class AccountFile
{
    /// <summary>Bytes of the file.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Bytes of a line.</summary>
    public const int MaxLineBytes = 64 << 10;

    private readonly ReadOnlyMemory<byte> _text;

    /// <param name="path">for errors</param>
    /// <param name="text">empty when the image has no such file</param>
    /// <exception cref="TareException">ResourceExhausted when the file or a line is too long</exception>
    public AccountFile(string path, ReadOnlyMemory<byte> text)
    {
        Path = path;
        _text = text;
        if (text.Length > MaxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{path} has {text.Length} bytes, more than {MaxBytes}");
        }
        foreach (Range line in text.Span.Split((byte)'\n'))
        {
            if (text.Span[line].Length > MaxLineBytes)
            {
                throw new TareException(
                    ErrorKind.ResourceExhausted, $"{path}: a line is longer than {MaxLineBytes} bytes");
            }
        }
    }

    public string Path { get; }

    /// <summary>The entries in order.</summary>
    public IEnumerable<Entry> Entries()
    {
        for (int start = 0; start < _text.Length;)
        {
            int length = _text.Span[start..].IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = length < 0 ? _text[start..] : _text.Slice(start, length);
            if (line.Length > 0 && line.Span[0] is not ((byte)'#' or (byte)'+' or (byte)'-'))
            {
                yield return new Entry(line);
            }
            start += line.Length + 1;
        }
    }

    /// <summary>One line; a field that is not there is empty.</summary>
    internal readonly struct Entry(ReadOnlyMemory<byte> line)
    {
        /// <summary>The bytes of field <paramref name="index"/>, counted from 0.</summary>
        public ReadOnlySpan<byte> this[int index]
        {
            get
            {
                foreach (Range field in line.Span.Split((byte)':'))
                {
                    if (index-- == 0)
                    {
                        return line.Span[field].TrimEnd((byte)'\r');
                    }
                }
                return default;
            }
        }

        /// <summary>True when the field is exactly this text.</summary>
        public bool Is(int index, string text) => this[index].SequenceEqual(Encoding.UTF8.GetBytes(text));

        /// <summary>The field's text; bytes that are no UTF-8 are replaced.</summary>
        public string Text(int index) => Encoding.UTF8.GetString(this[index]);
    }
}
