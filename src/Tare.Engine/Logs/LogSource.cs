// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>The log of one container: where its files are and how its keeper tells that they grow.</summary>
internal sealed class LogSource : IDisposable
{
    /// <summary>How soon a follower sees what was written.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly LogFiles _files;
    private readonly KeeperSession? _keeper;

    private LogSource(LogFiles files, KeeperSession? keeper)
    {
        _files = files;
        _keeper = keeper;
    }

    /// <summary>Opens a container's log.</summary>
    /// <param name="engine">whose the container is</param>
    /// <param name="row">the container</param>
    /// <param name="follows">also what is written later shall be read</param>
    /// <returns>null: it has no folder any more</returns>
    public static LogSource? TryOpen(TareEngine engine, ContainerRow row, bool follows)
    {
        // before anything is read, so that no growth falls between the two
        using Fd? live = follows ? engine.Folders.TryOpenLive(row.Id.Text) : null;
        KeeperSession? keeper = live is null ? null : KeeperClient.TryConnect(live);
        try
        {
            Fd? folder = engine.Folders.Containers.TryOpen(
                Encoding.ASCII.GetBytes(row.Id.Text), OpenFlags.ReadOnly | OpenFlags.Directory);
            LogSource? source = folder is null ? null : new(new LogFiles(folder, NameOf(row.Id)), keeper);
            keeper = source is null ? keeper : null;
            return source;
        }
        finally
        {
            keeper?.Dispose();
        }
    }

    /// <summary>The name of the file that is written, in the container's folder of the store.</summary>
    public static string NameOf(ContainerId id) => $"{id.Text}-json.log";

    /// <summary>What is in the log now.</summary>
    public LogReader Read(LogQuery query) => new(_files, query);

    /// <summary>What is in the log and what comes to it until the container ends.</summary>
    /// <param name="query">which records</param>
    /// <param name="beforeWait">called before each wait; false: no more is wanted</param>
    public LogFollower Follow(LogQuery query, Func<bool> beforeWait) =>
        new(_files, query, () => beforeWait() && WaitForMore());

    public void Dispose()
    {
        _keeper?.Dispose();
        _files.Dispose();
    }

    /// <summary>False when the container has ended, or never ran: then the log is complete.</summary>
    private bool WaitForMore()
    {
        if (_keeper is null)
        {
            return false;
        }

        // the keeper says nothing of its log, so the file is looked at in short intervals until the socket speaks
        var socket = new PollEntry(_keeper.Socket, EpollEvents.Readable);
        if (!Poll.Wait(new Span<PollEntry>(ref socket), Pace))
        {
            return true;
        }

        bool isAlive = _keeper.Reader.Fill(_keeper.Socket);
        while (_keeper.Reader.TryTake(out FrameKind kind, out _))
        {
            isAlive &= kind != FrameKind.Exited;
        }

        return isAlive;
    }
}
