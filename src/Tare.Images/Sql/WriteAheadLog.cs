// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;
using Tare.Linux.Files;

namespace Tare.Images.Sql;

/// <summary>Keeps the write-ahead log of a database short.</summary>
/// <remarks>
/// The first process to open a database reads the whole log again, 5 µs a page, and forgets how much of it was
/// checkpointed: then SQLite's own checkpoints copy all of it each time and never begin it anew, because each of our
/// processes lives for one transaction. So whoever closes a database whose log has become long empties it, and gives back
/// what rows that are gone had (<c>auto_vacuum = INCREMENTAL</c>).
/// </remarks>
internal static class WriteAheadLog
{
    private const int BytesPerPage = 4120;

    /// <summary>Before the connection is closed; does nothing while others use the database.</summary>
    /// <param name="connection">with no transaction under way</param>
    /// <param name="path">of the database</param>
    /// <param name="pages">a shorter log is left as it is</param>
    public static void Shorten(sqlite3 connection, string path, int pages)
    {
        if (HostPath.TryStatus($"{path}-wal") is not { } log || log.Size < (long)pages * BytesPerPage)
        {
            return;
        }

        raw.sqlite3_busy_timeout(connection, 0);
        raw.sqlite3_exec(connection, "PRAGMA incremental_vacuum");
        raw.sqlite3_wal_checkpoint_v2(connection, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
    }
}
