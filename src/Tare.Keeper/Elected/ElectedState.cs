// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper.Elected;

/// <summary>Who the elected keeper of a store is: the content of a file that it holds locked as long as it lives.</summary>
/// <param name="Keeper">the process</param>
/// <param name="NamePort">where it answers for names; 0: nowhere</param>
internal sealed record ElectedState(ProcessIdentity Keeper, int NamePort)
{
    /// <summary>In the run folder.</summary>
    public static ReadOnlySpan<byte> FileName => "elected"u8;

    private const int Bytes = 24;
    private const int Version = 1;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Keeper.Pid);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), Keeper.StartTicks);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), NamePort);
        return bytes;
    }

    /// <summary>What the file says, whether its keeper lives or not; null: nobody was elected yet.</summary>
    /// <param name="run">the run folder, lent</param>
    public static (ElectedState State, bool IsAlive)? TryRead(Fd run)
    {
        using Fd? file = run.TryOpen(FileName, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file is null)
        {
            return null;
        }

        bool isAlive = LifeLock.IsHeld(file);
        Span<byte> bytes = stackalloc byte[Bytes];
        if (file.ReadAt(bytes, 0) < Bytes || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Version)
        {
            return null;
        }

        var keeper = new ProcessIdentity(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        return (new(keeper, BinaryPrimitives.ReadInt32LittleEndian(bytes[16..])), isAlive);
    }
}
