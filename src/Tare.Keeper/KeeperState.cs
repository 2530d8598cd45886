// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Who a running container is: what its keeper writes down for the case that it dies.</summary>
/// <param name="Process">the container's first process</param>
/// <param name="Keeper">pid of the keeper</param>
/// <param name="StartedAt">nanoseconds since 1970 UTC</param>
/// <param name="OutputPipe">inode of the pipe that is its standard output; 0 with a terminal</param>
/// <param name="ErrorPipe">inode of the pipe that is its standard error; 0 with a terminal</param>
/// <param name="FirstUser">what the container's root is on the host; 0: the container is in the host's user namespace</param>
/// <remarks>
/// The file <see cref="Protocol.StateName"/> in the run folder. Its keeper holds it locked as long as it lives, so who
/// can lock it knows that there is no keeper.
/// </remarks>
internal sealed record KeeperState(
    ProcessIdentity Process, int Keeper, long StartedAt, ulong OutputPipe, ulong ErrorPipe, uint FirstUser = 0)
{
    public const int Bytes = 56;

    /// <summary>The bytes of the file.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Protocol.StateVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Process.Pid);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Keeper);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Process.StartTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), StartedAt);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), OutputPipe);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), ErrorPipe);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), FirstUser);
        return bytes;
    }

    /// <summary>Null for bytes that are not a whole record of a version that this binary knows; later ones may be longer.</summary>
    public static KeeperState? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Protocol.StateVersion)
        {
            return null;
        }

        int pid = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var process = new ProcessIdentity(pid, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        return pid <= 0 ? null : new KeeperState(
            process,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]));
    }
}
