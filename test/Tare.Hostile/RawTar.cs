// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tare.Hostile;

/// <summary>Writes tar archives as no honest tool would. Shares nothing with the reader under test.</summary>
public sealed class RawTar
{
    private readonly ArrayBufferWriter<byte> _out = new();

    public RawTar Add(RawHeader header, ReadOnlySpan<byte> data = default)
    {
        _out.Write(header.Sealed());
        return Bytes(data).Pad();
    }

    public RawTar Bytes(ReadOnlySpan<byte> bytes)
    {
        _out.Write(bytes);
        return this;
    }

    public RawTar Pad()
    {
        _out.Write(new byte[-(int)_out.WrittenCount & 511]);
        return this;
    }

    public RawTar File(string name, string data = "x") => Add(new RawHeader(name, '0', data.Length), Latin(data));

    public RawTar Directory(string name) => Add(new RawHeader(name, '5'));

    public RawTar Symlink(string name, string target) => Add(new RawHeader(name, '2') { Link = target });

    public RawTar HardLink(string name, string target) => Add(new RawHeader(name, '1') { Link = target });

    public RawTar Fifo(string name) => Add(new RawHeader(name, '6'));

    public RawTar Device(string name, char type, long major, long minor) =>
        Add(new RawHeader(name, type) { Device = (major, minor) });

    public RawTar LongName(string name, char type = 'L') =>
        Add(new RawHeader("././@LongLink", type, name.Length + 1).Gnu(), Latin(name + "\0"));

    public RawTar Pax(params (string Key, string Value)[] records) => PaxBody(string.Concat(records.Select(Record)));

    public RawTar Global(params (string Key, string Value)[] records) =>
        PaxBody(string.Concat(records.Select(Record)), 'g');

    public RawTar PaxBody(string body, char type = 'x') =>
        Add(new RawHeader("PaxHeaders/x", type, body.Length), Latin(body));

    /// <summary>With its end marker.</summary>
    public byte[] End()
    {
        _out.Write(new byte[1024]);
        return _out.WrittenSpan.ToArray();
    }

    /// <summary>Without one.</summary>
    public byte[] Cut(int bytesFewer = 0) => _out.WrittenSpan[..^bytesFewer].ToArray();

    public static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    public static string Record((string Key, string Value) record)
    {
        int rest = record.Key.Length + record.Value.Length + 3;
        int length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{length} {record.Key}={record.Value}\n");
    }
}
