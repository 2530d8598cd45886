// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tare.Keeper.Tests.Names;

/// <summary>DNS messages as the other side of the server makes and reads them, written apart from the code under test.</summary>
internal static class Wire
{
    public static byte[] Query(string name, int type, int id = 0x1234, int udpBytes = 0, int flags = 0x0100)
    {
        List<byte> bytes = [(byte)(id >> 8), (byte)id, (byte)(flags >> 8), (byte)flags, 0, 1, 0, 0, 0, 0, 0, (byte)(udpBytes > 0 ? 1 : 0)];
        bytes.AddRange(Name(name));
        bytes.AddRange([(byte)(type >> 8), (byte)type, 0, 1]);
        if (udpBytes > 0)
        {
            bytes.AddRange([0, 0, 41, (byte)(udpBytes >> 8), (byte)udpBytes, 0, 0, 0, 0, 0, 0]);
        }

        return [.. bytes];
    }

    /// <summary>An answer to a query with one TXT-like or address record of these bytes.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> query, int code, int type, params byte[][] records)
    {
        int end = EndOfQuestion(query);
        List<byte> bytes = [.. query[..end]];
        (bytes[2], bytes[3]) = (0x81, (byte)(0x80 | code));
        (bytes[6], bytes[7]) = ((byte)(records.Length >> 8), (byte)records.Length);
        (bytes[10], bytes[11]) = (0, 0);
        foreach (byte[] record in records)
        {
            bytes.AddRange([0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, (byte)(record.Length >> 8), (byte)record.Length]);
            bytes.AddRange(record);
        }

        return [.. bytes];
    }

    public static byte[] Name(string name)
    {
        List<byte> bytes = [];
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)Encoding.UTF8.GetByteCount(label));
            bytes.AddRange(Encoding.UTF8.GetBytes(label));
        }

        return [.. bytes, 0];
    }

    public static int Code(ReadOnlySpan<byte> answer) => answer[3] & 15;

    public static bool IsCut(ReadOnlySpan<byte> answer) => (answer[2] & 2) != 0;

    public static int Id(ReadOnlySpan<byte> answer) => BinaryPrimitives.ReadUInt16BigEndian(answer);

    /// <summary>Addresses and names of an answer, which must be sound to its last byte.</summary>
    public static string[] Records(ReadOnlySpan<byte> answer)
    {
        int at = EndOfQuestion(answer);
        int count = BinaryPrimitives.ReadUInt16BigEndian(answer[6..]);
        List<string> records = [];
        for (; count > 0; count--)
        {
            Assert.Equal([0xC0, 12], answer.Slice(at, 2).ToArray());
            int type = BinaryPrimitives.ReadUInt16BigEndian(answer[(at + 2)..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(answer[(at + 10)..]);
            ReadOnlySpan<byte> data = answer.Slice(at + 12, length);
            records.Add(type switch
            {
                1 or 28 => new IPAddress(data).ToString(),
                12 => Text(data),
                _ => Convert.ToHexStringLower(data),
            });
            at += 12 + length;
        }

        int options = BinaryPrimitives.ReadUInt16BigEndian(answer[10..]);
        Assert.Equal(answer.Length, at + (options * 11));
        return [.. records];
    }

    private static string Text(ReadOnlySpan<byte> name)
    {
        string text = "";
        for (int at = 0; name[at] != 0; at += name[at] + 1)
        {
            text += Encoding.UTF8.GetString(name.Slice(at + 1, name[at])) + ".";
        }

        return text;
    }

    private static int EndOfQuestion(ReadOnlySpan<byte> message)
    {
        int at = 12;
        if (BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == 0)
        {
            return at;
        }

        while (message[at] != 0)
        {
            at += message[at] + 1;
        }

        return at + 5;
    }
}
