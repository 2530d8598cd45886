// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Starts keepers and reaches those that run.</summary>
internal static class KeeperClient
{
    /// <summary>
    /// Starts a keeper that waits for its order, so that its own start (2 ms) passes while the container is being made.
    /// </summary>
    /// <param name="run">what <c>ps</c> shows behind <c>tare keeper</c>: the run folder that it belongs to</param>
    /// <param name="executable">lent; the <c>tare</c> binary, or null when this process is one</param>
    public static NewKeeper Begin(string run, Fd? executable = null)
    {
        using Fd? own = executable is null ? HostPath.Open("/proc/self/exe", OpenFlags.Path) : null;
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadWrite);
        (Fd mine, Fd theirs) = UnixSocket.Pair(SocketKind.Stream);
        try
        {
            Spawned keeper = Spawn.Start(new SpawnOptions
            {
                Executable = executable ?? own!,
                Arguments = ["tare", "keeper", run],
                Descriptors = [nothing, nothing, nothing, theirs],
                NewSession = true,

                // it takes no signals at all, so that what a terminal or a service manager sends to everybody does
                // not part a container from its keeper
                Blocked = SignalSet.Classic,
            });
            return new NewKeeper(mine, keeper);
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

    /// <summary><see cref="Begin"/> and <see cref="NewKeeper.Start"/> in one.</summary>
    public static KeeperSession Start(
        KeeperOrder order, string run, Fd runFolder, Fd storeFolder, IReadOnlyList<Fd> given, Fd? executable = null)
    {
        using NewKeeper keeper = Begin(run, executable);
        return keeper.Start(order, runFolder, storeFolder, given);
    }

    /// <summary>Connects to the keeper of a running container; null when there is none any more.</summary>
    public static KeeperSession? TryConnect(Fd runFolder)
    {
        Fd? socket = UnixSocket.TryConnect(runFolder, Protocol.SocketName, SocketKind.Stream);
        return socket is null ? null : new KeeperSession(socket, null);
    }

    /// <summary>Has the keeper of a running container serve this on the network, and nothing else.</summary>
    /// <param name="runFolder">lent</param>
    /// <param name="order">the whole wanted state</param>
    /// <param name="given">lent; the sockets that the order numbers</param>
    /// <returns>ESRCH: there is no keeper; ENOENT: a socket that the order does not give is not there either; ENOSYS: the
    /// keeper is too old</returns>
    public static Errno Serve(Fd runFolder, ServeOrder order, IReadOnlyList<Fd> given)
    {
        using KeeperSession? session = TryConnect(runFolder);
        return session is null ? Errno.ESRCH : ServeMessage.Send(session, order, given);
    }

    /// <summary>Who a running container is, and whether its keeper lives; null: it did not come to run yet.</summary>
    public static (KeeperState State, bool IsKept)? TryReadState(Fd runFolder)
    {
        using Fd? file = runFolder.TryOpen(Protocol.StateName, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file is null)
        {
            return null;
        }

        // the lock first: what a keeper has locked it has written, or is about to
        bool isKept = LifeLock.IsHeld(file);
        Span<byte> bytes = stackalloc byte[KeeperState.Bytes];
        return KeeperState.TryDecode(bytes[..file.Read(bytes)]) is { } state ? (state, isKept) : null;
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
