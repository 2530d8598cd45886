// SPDX-License-Identifier: Apache-2.0
using SQLitePCL;
using Tare.Oci;

namespace Tare.Images.Sql;

/// <summary>One connection to an SQLite file.</summary>
/// <remarks>
/// Any number of processes may hold one; SQLite's write-ahead log makes their transactions serialisable.
/// Not thread-safe: a connection belongs to one thread at a time.
/// SQLite's own functions and not ADO.NET: its provider costs each process half a millisecond, and a thread.
/// </remarks>
internal sealed class SqlDatabase : IDisposable
{
    private const int PatienceMs = 60_000;
    private const int LongestPauseMs = 20;
    private const int LongestTurnPauseMs = 5;
    private const int TriesOfOnePause = 3;
    private const int PrimaryCode = 0xff;

    private readonly sqlite3 _connection;
    private readonly string _path;
    private readonly SqlSchema _schema;
    private bool? _isDurable;

    private SqlDatabase(sqlite3 connection, string path, SqlSchema schema) =>
        (_connection, _path, _schema) = (connection, path, schema);

    private string Name => Path.GetFileName(_path);

    /// <summary>Opens the file, making it and its tables when it is new.</summary>
    /// <exception cref="TareException">NotSupported: a newer tare made it; it is damaged, the disk is full, …</exception>
    public static SqlDatabase Open(string path, SqlSchema schema)
    {
        raw.SetProvider(new SQLite3Provider_sqlite3());

        // the statistics would take a lock at each allocation; only the first connection of a process can say so
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        int code = raw.sqlite3_open_v2(path, out sqlite3 connection, Flags, null);
        var database = new SqlDatabase(connection, path, schema);
        try
        {
            if (code != raw.SQLITE_OK)
            {
                throw database.Failed(Failure(connection, code));
            }

            // the last process to close would otherwise checkpoint and fsync: milliseconds at each `run`
            raw.sqlite3_db_config(connection, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            raw.sqlite3_busy_timeout(connection, PatienceMs);

            // for a process that makes many changes; after few ones the log is shortened when it is closed
            raw.sqlite3_wal_autocheckpoint(connection, 4 * schema.PagesInLog);
            database.Migrate();
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What a query finds.</summary>
    /// <param name="read">makes a value of a row</param>
    /// <param name="sql">the query</param>
    /// <param name="values">of <c>?1</c>, <c>?2</c> …</param>
    /// <exception cref="TareException">the disk is broken, the file is damaged, …</exception>
    public List<T> Read<T>(Func<SqlRow, T> read, string sql, params ReadOnlySpan<object?> values)
    {
        try
        {
            using var statement = new SqlStatement(_connection, sql, values);
            var rows = new List<T>();
            while (statement.Step())
            {
                rows.Add(read(statement.Row));
            }

            return rows;
        }
        catch (SqlException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Runs a statement, inside or outside a transaction; returns how many rows it changed.</summary>
    /// <exception cref="TareException">AlreadyExists: there is such a row already; the disk is full or broken, …</exception>
    public int Change(string sql, params ReadOnlySpan<object?> values)
    {
        try
        {
            using var statement = new SqlStatement(_connection, sql, values);
            while (statement.Step())
            {
            }

            return raw.sqlite3_changes(_connection);
        }
        catch (SqlException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Runs <paramref name="body"/> as one transaction that no other writer interrupts.</summary>
    /// <param name="durable">
    /// on stable storage on return: when success is acknowledged to somebody who must find it after a power cut; else it
    /// survives the process
    /// </param>
    /// <param name="body">what to do; an exception rolls all of it back</param>
    public T Write<T>(bool durable, Func<T> body)
    {
        try
        {
            Begin(durable);
            try
            {
                T result = body();
                Execute("COMMIT");
                return result;
            }
            catch
            {
                RollBack();
                throw;
            }
        }
        catch (SqlException failure)
        {
            FailedCommit.Erase(_connection, failure);
            _isDurable = null;
            throw Failed(failure);
        }
    }

    public void Dispose()
    {
        WriteAheadLog.Shorten(_connection, _path, _schema.PagesInLog);
        _connection.Dispose();
    }

    /// <summary>What SQLite says about its last call.</summary>
    internal static SqlException Failure(sqlite3 connection, int code) =>
        new(code & PrimaryCode, raw.sqlite3_errmsg(connection).utf8_to_string() ?? raw.sqlite3_errstr(code).utf8_to_string());

    internal static long Version(sqlite3 connection)
    {
        using var statement = new SqlStatement(connection, "PRAGMA user_version", []);
        return statement.Step() ? statement.Row.GetInt64(0) : 0;
    }

    private void Begin(bool durable)
    {
        if (_isDurable != durable)
        {
            Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _isDurable = durable;
        }

        BeginToWrite();
    }

    /// <summary>
    /// SQLite's own patience sleeps up to 100 ms between two looks, in which nobody writes: of 40 starts at once each slept for half of
    /// its time.
    /// </summary>
    private void BeginToWrite()
    {
        long deadline = Environment.TickCount64 + PatienceMs;
        raw.sqlite3_busy_timeout(_connection, 0);
        try
        {
            for (int tries = 0; ; tries++)
            {
                int code = raw.sqlite3_exec(_connection, "BEGIN IMMEDIATE");
                if (code == raw.SQLITE_OK)
                {
                    return;
                }

                if ((code & PrimaryCode) != raw.SQLITE_BUSY || Environment.TickCount64 >= deadline)
                {
                    throw Failure(_connection, code);
                }

                Thread.Sleep(Math.Min(1 + (tries / TriesOfOnePause), LongestTurnPauseMs));
            }
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection, PatienceMs);
        }
    }

    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection) == 0)
        {
            raw.sqlite3_exec(_connection, "ROLLBACK");
        }
    }

    private void Migrate()
    {
        try
        {
            long found = Version(_connection);
            if (found == 0)
            {
                Create();
            }
            else if (found < _schema.Version)
            {
                // another process may be at it too: who comes second finds it done
                Write(durable: true, Upgrade);
            }
            else if (found > _schema.Version)
            {
                throw new TareException(
                    ErrorKind.NotSupported,
                    $"open {_path}: written by a newer tare (schema {found}, this one knows {_schema.Version})",
                    "use the newer binary, or another folder with --root");
            }
        }
        catch (SqlException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>SQLite's own patience does not reach to the change to a write-ahead log, which many may want at once.</summary>
    private void Create()
    {
        long deadline = Environment.TickCount64 + PatienceMs;
        for (int pause = 1; ; pause = Math.Min(2 * pause, LongestPauseMs))
        {
            try
            {
                Execute(_schema.Create);
                return;
            }
            catch (SqlException busy) when (busy.Code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && Environment.TickCount64 < deadline)
            {
                RollBack();
                Thread.Sleep(pause);
            }
        }
    }

    private bool Upgrade()
    {
        for (long version = Version(_connection); version < _schema.Version; version++)
        {
            Execute(_schema.Steps[(int)version - 1]);
        }

        return true;
    }


    /// <summary>Any number of statements.</summary>
    private void Execute(string script)
    {
        int code = raw.sqlite3_exec(_connection, script);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(_connection, code);
        }
    }

    private TareException Failed(SqlException failure) => DatabaseFailure.Of(Name, failure);
}
