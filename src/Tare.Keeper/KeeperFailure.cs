// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Linux;

namespace Tare.Keeper;

/// <summary>Why a process never ran.</summary>
/// <param name="Error">errno of the failed call; None when something else went wrong</param>
/// <param name="Step">step of the launch plan; -1 when the failure was outside of it</param>
/// <param name="Call">call of the launch program; -1 as above</param>
/// <param name="Text">what the keeper has to say when it was outside of the plan, else empty</param>
internal sealed record KeeperFailure(Errno Error, int Step, int Call, string Text)
{
    private const int TextOffset = 12;

    /// <summary>The payload of <see cref="FrameKind.Failed"/>.</summary>
    public byte[] Encode()
    {
        byte[] text = Encoding.UTF8.GetBytes(Text);
        byte[] payload = new byte[TextOffset + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, (int)Error);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), Step);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), Call);
        text.CopyTo(payload, TextOffset);
        return payload;
    }

    /// <summary>Null for bytes that are no failure.</summary>
    public static KeeperFailure? TryDecode(ReadOnlySpan<byte> payload) => payload.Length < TextOffset ? null : new(
        (Errno)BinaryPrimitives.ReadInt32LittleEndian(payload),
        BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(payload[8..]),
        Encoding.UTF8.GetString(payload[TextOffset..]));
}
