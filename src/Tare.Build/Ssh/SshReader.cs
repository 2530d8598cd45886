// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Build.Ssh;

/// <summary>Reads the values of ssh's protocols out of bytes; what is missing is a <see cref="FormatException"/>.</summary>
/// <remarks>RFC 4251 §5.</remarks>
internal ref struct SshReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    /// <summary>A length and so many bytes.</summary>
    public ReadOnlySpan<byte> String()
    {
        uint length = UInt32();
        return length <= (uint)_rest.Length ? Take((int)length) : throw new FormatException("a text is longer than what it stands in");
    }

    /// <summary>A number that is not negative, without leading zeros.</summary>
    public ReadOnlySpan<byte> Number()
    {
        ReadOnlySpan<byte> bytes = String();
        return bytes is [>= 0x80, ..] ? throw new FormatException("a number is negative") : bytes.TrimStart((byte)0);
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("it ends too early");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
