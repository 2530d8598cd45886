// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Starts keepers and reaches those that run.</summary>
internal static class KeeperClient
{
    /// <summary>What <c>Main</c> recognises before it touches anything else.</summary>
    public static readonly IReadOnlyList<string> Arguments = ["tare", "keeper"];

    /// <summary>Starts a keeper, which starts the container; returns at once, <see cref="KeeperSession.WaitStarted"/> waits.</summary>
    /// <param name="order">what it does</param>
    /// <param name="runFolder">lent; mode 0700; gets the socket and the record of the exit</param>
    /// <param name="given">lent descriptors of the launch program, from <see cref="StandardGiven.First"/> on; the keeper
    /// holds its duplicates until the container has ended</param>
    /// <param name="executable">lent; the <c>tare</c> binary, or null when this process is one</param>
    public static KeeperSession Start(
        KeeperOrder order, Fd runFolder, IReadOnlyList<Fd> given, Fd? executable = null)
    {
        using Fd? own = executable is null ? OwnProcess.OpenSealedExecutable() : null;
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        using Fd sealedOrder = MemoryFile.Sealed("tare-order"u8, OrderCodec.Encode(order));
        (Fd mine, Fd theirs) = UnixSocket.Pair(SocketKind.Stream);
        try
        {
            Spawned keeper = Spawn.Start(new SpawnOptions
            {
                Executable = executable ?? own!,
                Arguments = Arguments,
                Descriptors = [nothing, nothing, nothing, sealedOrder, theirs, runFolder, .. given],
                NewSession = true,

                // it takes no signals at all, so that what a terminal or a service manager sends to everybody does
                // not part a container from its keeper
                Blocked = SignalSet.Classic,
            });
            return new KeeperSession(mine, keeper);
        }
        catch
        {
            mine.Dispose();
            throw;
        }
        finally
        {
            theirs.Dispose();
        }
    }

    /// <summary>Connects to the keeper of a running container; null when there is none any more.</summary>
    public static KeeperSession? TryConnect(Fd runFolder)
    {
        Fd? socket = UnixSocket.TryConnect(runFolder, Protocol.SocketName, SocketKind.Stream);
        return socket is null ? null : new KeeperSession(socket, null);
    }

    /// <summary>What the keeper left when the container ended; null when it is running or its keeper was killed.</summary>
    public static ExitReport? TryReadExit(Fd runFolder)
    {
        using Fd? file = runFolder.TryOpen(Protocol.ExitName, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        return file is not null && ExitReport.TryDecode(file.ReadAll(ExitReport.Bytes), out ExitReport report)
            ? report
            : null;
    }
}
