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
    /// <summary>How often a follower looks at what nobody tells it of.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly TareEngine _engine;
    private readonly ContainerRow _row;
    private readonly LogFiles _files;
    private KeeperSession? _keeper;

    private LogSource(TareEngine engine, ContainerRow row, LogFiles files, KeeperSession? keeper)
    {
        _engine = engine;
        _row = row;
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
        KeeperSession? keeper = follows ? TryFollow(engine, row) : null;
        try
        {
            Fd? folder = engine.Folders.Containers.TryOpen(
                Encoding.ASCII.GetBytes(row.Id.Text), OpenFlags.ReadOnly | OpenFlags.Directory);
            LogSource? source =
                folder is null ? null : new(engine, row, new LogFiles(folder, KeeperOrders.LogName(row.Id)), keeper);
            keeper = source is null ? keeper : null;
            return source;
        }
        finally
        {
            keeper?.Dispose();
        }
    }

    /// <summary>What is in the log now.</summary>
    public LogReader Read(LogQuery query) => new(_files, query);

    /// <summary>What is in the log and what comes to it until the container ends.</summary>
    /// <param name="query">which records</param>
    /// <param name="beforeWait">called before each wait; false: no more is wanted</param>
    public LogFollower Follow(LogQuery query, Func<bool> beforeWait) =>
        new(_files, query, () => beforeWait() && WaitForMore(query.Until is null ? null : Pace));

    public void Dispose()
    {
        _keeper?.Dispose();
        _files.Dispose();
    }

    private static KeeperSession? TryFollow(TareEngine engine, ContainerRow row)
    {
        KeeperSession? keeper = LiveContainer.TryConnect(engine, row);
        if (keeper is null || keeper.Follow() == Errno.None)
        {
            return keeper;
        }

        keeper.Dispose();
        return null;
    }

    /// <summary>False when the container does not run: then the log is complete.</summary>
    private bool WaitForMore(TimeSpan? patience)
    {
        if (_keeper is not null)
        {
            if (_keeper.WaitLogGrowth(patience))
            {
                return true;
            }

            // it ended, or its keeper was killed and a new one goes on
            _keeper.Dispose();
            _keeper = TryFollow(_engine, _row);
            return _keeper is not null;
        }

        return false;
    }
}
