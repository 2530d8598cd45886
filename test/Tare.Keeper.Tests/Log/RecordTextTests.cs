// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Keeper.Log;

namespace Tare.Keeper.Tests.Log;

public class RecordTextTests
{
    /// <summary>The right sides were written by dockerd 28.5.2 when a container printed the left ones.</summary>
    [Theory]
    [InlineData("<a href=\"x\">&amp;\\ \t\r\b\f\v\0\u0001\u001b\u007f end", @"\u003ca href=\""x\""\u003e\u0026amp;\\ \u0009\r\u0008\u000c\u000b\u0000\u0001\u001b" + "\u007f end")]
    [InlineData("sep \u2028 \u2029 \u0085 \ufffd \ufeff", @"sep \u2028 \u2029 " + "\u0085 \ufffd \ufeff")]
    [InlineData("", "")]
    [InlineData("plain / 'text'", "plain / 'text'")]
    [InlineData("ä € 😀 – “x”", "ä € 😀 – “x”")]
    public void Text_is_escaped_as_docker_does(string text, string escaped) =>
        Assert.Equal(escaped, Escape(Encoding.UTF8.GetBytes(text)));

    /// <summary>From the same run of dockerd.</summary>
    [Fact]
    public void Each_byte_that_is_not_UTF_8_becomes_one_replacement()
    {
        byte[] text =
        [
            .. "bad "u8, 0xFF, .. " "u8, 0xC2, .. " "u8, 0xE2, 0x82, .. "a "u8, 0xED, 0xA0, 0x80, .. " 😀 "u8,
            0xF4, 0x90, 0x80, 0x80, .. " "u8, 0xC0, 0x80, .. " ok"u8,
        ];

        Assert.Equal(
            @"bad \ufffd \ufffd \ufffd\ufffda \ufffd\ufffd\ufffd 😀 \ufffd\ufffd\ufffd\ufffd \ufffd\ufffd ok", Escape(text));
    }

    [Fact]
    public void Separators_are_escaped_in_broken_text_too() =>
        Assert.Equal(@"\ufffd\u2028€\u2029", Escape([0xFF, .. "\u2028€\u2029"u8]));

    [Fact]
    public void Any_bytes_come_back_whatever_the_room_at_a_time()
    {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            byte[] text = new byte[random.Next(60)];
            random.NextBytes(text);
            if (round % 2 == 0)
            {
                text = Encoding.UTF8.GetBytes(new string([.. text.Select(value => (char)(value * 0x21))]));
            }

            string escaped = Escape(text, RecordText.MaxGrowth + random.Next(20));

            Assert.Equal(escaped, Escape(text));
            Assert.Equal(Encoding.UTF8.GetByteCount(escaped), RecordText.EscapedLength(text));
            Assert.Equal(Replaced(text), JsonDocument.Parse($"\"{escaped}\"").RootElement.GetString());
        }
    }

    /// <summary>One replacement for each bad byte, by another way than the code's.</summary>
    private static string Replaced(ReadOnlySpan<byte> text)
    {
        var result = new StringBuilder();
        while (!text.IsEmpty)
        {
            bool good = Rune.DecodeFromUtf8(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            result.Append(good ? rune.ToString() : new string('\ufffd', length));
            text = text[length..];
        }

        return result.ToString();
    }

    private static string Escape(byte[] text, int room = 4096)
    {
        var rest = new RecordText(text);
        var escaped = new List<byte>();
        byte[] part = new byte[room];
        do
        {
            int length = rest.Fill(part);
            Assert.True(length > 0 || rest.IsEmpty);
            escaped.AddRange(part[..length]);
        }
        while (!rest.IsEmpty);
        return Encoding.UTF8.GetString([.. escaped]);
    }
}
