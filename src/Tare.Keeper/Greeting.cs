// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Keeper;

/// <summary>The first frame of a keeper.</summary>
/// <param name="Version">of the protocol that the keeper speaks</param>
/// <param name="Terminal">the container has a terminal</param>
/// <param name="OpenInput">the container reads standard input</param>
/// <param name="Pid">of the container, or 0 when it does not run yet</param>
internal readonly record struct Greeting(int Version, bool Terminal, bool OpenInput, int Pid)
{
    private const int Bytes = 12;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        bytes[4] = (byte)((Terminal ? 1 : 0) | (OpenInput ? 2 : 0));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Pid);
        return bytes;
    }

    /// <summary>Later versions may add to the end.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Greeting greeting)
    {
        greeting = default;
        if (bytes.Length < Bytes)
        {
            return false;
        }

        greeting = new Greeting(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            (bytes[4] & 1) != 0,
            (bytes[4] & 2) != 0,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
        return greeting.Version >= 1;
    }
}
