// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>How and when a container ended.</summary>
/// <param name="Status">of the main process</param>
/// <param name="OutOfMemory">the kernel killed something in it because its memory limit was reached</param>
/// <param name="FinishedAt">nanoseconds since 1970 UTC</param>
internal readonly record struct ExitReport(ExitStatus Status, bool OutOfMemory, long FinishedAt)
{
    public const int Bytes = 24;

    private const long NanosecondsPerTick = 100;

    /// <summary>For <see cref="FinishedAt"/>.</summary>
    public static long Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    /// <summary>The bytes of the frame and of the record in the run folder.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Protocol.ExitVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Status.Code);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Status.Signal);
        bytes[12] = Status.CoreDumped ? (byte)1 : (byte)0;
        bytes[13] = OutOfMemory ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), FinishedAt);
        return bytes;
    }

    /// <summary>False for bytes that are not a whole report of a version that this binary knows.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out ExitReport report)
    {
        report = default;
        if (bytes.Length != Bytes || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Protocol.ExitVersion)
        {
            return false;
        }

        int code = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int signal = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (code is < 0 or > 255 || signal is < 0 or > Signals.Last || bytes[12] > 1 || bytes[13] > 1)
        {
            return false;
        }

        var status = new ExitStatus(code, signal, bytes[12] == 1);
        report = new ExitReport(status, bytes[13] == 1, BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        return true;
    }
}
