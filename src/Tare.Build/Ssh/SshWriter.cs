// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;

namespace Tare.Build.Ssh;

/// <summary>Writes the values of ssh's protocols.</summary>
/// <remarks>RFC 4251 §5.</remarks>
internal sealed class SshWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public SshWriter Byte(byte value)
    {
        _bytes.Write([value]);
        return this;
    }

    public SshWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
        return this;
    }

    public SshWriter String(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A number that is not negative.</summary>
    public SshWriter Number(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> digits = value.TrimStart((byte)0);
        bool isHigh = digits is [>= 0x80, ..];
        UInt32((uint)digits.Length + (isHigh ? 1u : 0));
        _bytes.Write(isHigh ? [0] : []);
        _bytes.Write(digits);
        return this;
    }
}
