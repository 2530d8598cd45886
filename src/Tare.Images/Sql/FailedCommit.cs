// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;

namespace Tare.Images.Sql;

/// <summary>The rest of a commit that was answered with an error.</summary>
/// <remarks>
/// Its frames may be complete in the write-ahead log (the sync after them failed, or the padding to the sector's end), and
/// then it comes to life when the log is read anew, although whoever made it was told that it failed and acted on that
/// (sqlite.org/walformat.html#recovery). A small transaction takes the place of its first frame and so ends the chain of
/// their checksums.
/// </remarks>
internal static class FailedCommit
{
    /// <summary>For a connection with no transaction under way.</summary>
    public static void Erase(sqlite3 connection, SqlException failure)
    {
        if (failure.Code is not (raw.SQLITE_IOERR or raw.SQLITE_FULL))
        {
            return;
        }

        try
        {
            // if it fails, the disk decides which of the two it was
            long version = SqlDatabase.Version(connection);
            raw.sqlite3_exec(connection, $"PRAGMA synchronous = NORMAL; PRAGMA user_version = {version}");
        }
        catch (SqlException)
        {
        }
    }
}
