// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Keeper;

/// <summary>Texts inside an order: length (2 bytes), UTF-8.</summary>
internal static class OrderBytes
{
    public const int MaxTexts = 1024;
    public const int MaxTextBytes = 4096;

    public static void Write(Stream stream, IReadOnlyList<string> texts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(texts.Count, MaxTexts);
        Span<byte> length = stackalloc byte[2];
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxTextBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)bytes.Length);
            stream.Write(length);
            stream.Write(bytes);
        }
    }

    public static string[] Read(ref ReadOnlySpan<byte> rest, int count)
    {
        Require(count <= MaxTexts, "text count");
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            Require(rest.Length >= 2, "text");
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            Require(length <= MaxTextBytes && rest.Length - 2 >= length, "text length");
            texts[i] = Encoding.UTF8.GetString(rest.Slice(2, length));
            rest = rest[(2 + length)..];
        }

        return texts;
    }

    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"keeper order: bad {what}");
        }
    }
}
