// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>How an order and its descriptors travel to a keeper that is already running and waits for them.</summary>
/// <remarks>
/// Eight bytes (magic, count of descriptors) with the first descriptors, then one byte with each further batch. The
/// descriptors are: the sealed order, the run folder, the container's folder in the store, what the launch program is
/// given.
/// </remarks>
internal static class OrderMessage
{
    private const uint Magic = 0x314d5254; // "TRM1"
    private const int HeaderBytes = 8;
    private const int OwnDescriptors = 3;
    private const int MaxDescriptors = OwnDescriptors + LaunchProgramBuilder.MaxGiven;

    /// <summary>Sends it; everything is lent.</summary>
    public static void Send(Fd socket, KeeperOrder order, Fd runFolder, Fd storeFolder, IReadOnlyList<Fd> given)
    {
        using Fd sealedOrder = MemoryFile.Sealed("tare-order"u8, OrderCodec.Encode(order));
        Fd[] fds = [sealedOrder, runFolder, storeFolder, .. given];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fds.Length, MaxDescriptors);
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], fds.Length);
        ReadOnlySpan<byte> bytes = header;
        for (int sent = 0; sent < fds.Length; sent += UnixSocket.MaxFds)
        {
            UnixSocket.Send(socket, bytes, fds.AsSpan(sent, Math.Min(UnixSocket.MaxFds, fds.Length - sent)));
            bytes = header[..1];
        }
    }

    /// <summary>Waits for it; null when the starter went away or sent something else, and nothing is then open.</summary>
    public static Received? Receive(Fd socket)
    {
        var fds = new List<Fd>();
        KeeperOrder? order = null;
        try
        {
            order = ReceiveAll(socket, fds) && MemoryFile.IsSealed(fds[0])
                ? OrderCodec.Decode(fds[0].ReadAll(OrderCodec.MaxBytes))
                : null;
        }
        catch (FormatException)
        {
            // told by null: whoever sent this is not a starter of ours
        }

        if (order is null)
        {
            fds.ForEach(fd => fd.Dispose());
            return null;
        }

        // the order's memory is given back at once
        fds[0].Dispose();
        return new Received(order, fds[1], fds[2], fds.GetRange(OwnDescriptors, fds.Count - OwnDescriptors));
    }

    private static bool ReceiveAll(Fd socket, List<Fd> fds)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (UnixSocket.TryReceive(socket, header, fds) != HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        while (fds.Count < count && UnixSocket.TryReceive(socket, header[..1], fds) == 1)
        {
        }

        return fds.Count == count && count is >= OwnDescriptors and <= MaxDescriptors;
    }

    /// <summary>What came; the receiver owns the descriptors.</summary>
    public sealed record Received(KeeperOrder Order, Fd RunFolder, Fd StoreFolder, List<Fd> Given);
}
