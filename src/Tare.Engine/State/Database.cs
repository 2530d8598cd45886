// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.State;

/// <summary>One connection to engine.db: what containers and volumes there are, and what was asked for them.</summary>
/// <remarks>
/// Any number of processes may hold one; SQLite's write-ahead log makes their transactions serialisable.
/// Not thread-safe: a connection belongs to one thread at a time.
/// </remarks>
internal sealed class Database : IDisposable
{
    private const int SchemaVersion = 2;
    private const int BusyTimeoutSeconds = 30;
    private const int MillisecondsPerSecond = 1000;
    private const int PagesInLog = 128;

    private const string Schema =
        """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS container(
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            image TEXT NOT NULL,
            manifest TEXT NOT NULL,
            created INTEGER NOT NULL,
            auto_remove INTEGER NOT NULL,
            record BLOB NOT NULL,
            outcome BLOB,
            started INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS volume(
            name TEXT PRIMARY KEY,
            created INTEGER NOT NULL,
            anonymous INTEGER NOT NULL,
            labels BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS volume_use(
            volume TEXT NOT NULL REFERENCES volume(name),
            container TEXT NOT NULL,
            PRIMARY KEY(volume, container)) WITHOUT ROWID;
        PRAGMA user_version = 2;
        COMMIT;
        """;

    /// <summary>Version 1 knew only containers that ran in the foreground, each once.</summary>
    private const string FromVersion1 =
        """
        ALTER TABLE container ADD COLUMN started INTEGER;
        UPDATE container SET started = created WHERE outcome IS NULL;
        PRAGMA user_version = 2;
        """;

    private static readonly string[] Parameters = ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9"];

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private Database(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens the file, making it and its tables when it is new.</summary>
    public static Database Open(string path)
    {
        raw.SetProvider(new SQLite3Provider_sqlite3());
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout={BusyTimeoutSeconds}");
        try
        {
            connection.Open();

            // the last process to close would otherwise checkpoint and fsync: milliseconds at each `run`
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

            // the provider itself would look again only every 150 ms
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutSeconds * MillisecondsPerSecond);

            // for a process that makes many changes; after few ones the log is shortened when it is closed
            raw.sqlite3_wal_autocheckpoint(connection.Handle, 4 * PagesInLog);
            var database = new Database(connection, path);
            database.Migrate(path);
            return database;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw Failed(failure);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What a query finds.</summary>
    /// <param name="row">makes a value of the reader's row</param>
    /// <param name="sql">the query</param>
    /// <param name="values">of <c>$1</c>, <c>$2</c> …</param>
    /// <exception cref="TareException">the disk is broken, the file is damaged, …</exception>
    public List<T> Read<T>(Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<object?> values)
    {
        try
        {
            using SqliteCommand command = Command(sql, values);
            using SqliteDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
        catch (SqliteException failure)
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
            using SqliteCommand command = Command(sql, values);
            return command.ExecuteNonQuery();
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Runs <paramref name="body"/> as one transaction.</summary>
    /// <param name="durable">
    /// true when success is acknowledged to somebody who must find it after a power cut; a throw-away container need not
    /// wait for the disk
    /// </param>
    /// <param name="body">what to do; an exception rolls all of it back</param>
    public T Write<T>(bool durable, Func<T> body)
    {
        Change(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            T result = body();
            transaction.Commit();
            return result;
        }
        catch (SqliteException failure)
        {
            FailedCommit.Erase(_connection, failure);
            throw Failed(failure);
        }
    }

    public void Dispose()
    {
        WriteAheadLog.Shorten(_connection, _path, PagesInLog);
        _connection.Dispose();
    }

    private void Migrate(string path)
    {
        long found = Version();
        if (found == 0)
        {
            Change(Schema);
        }
        else if (found < SchemaVersion)
        {
            // another process may be at it too: who comes second finds it done
            Write(durable: true, () =>
            {
                Change(Version() == 1 ? FromVersion1 : "");
                return true;
            });
        }
        else if (found > SchemaVersion)
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"open {path}: written by a newer tare (schema {found}, this one knows {SchemaVersion})",
                "use the newer binary, or another folder with --root");
        }
    }

    private long Version() => Read(static row => row.GetInt64(0), "PRAGMA user_version")[0];

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(Parameters[i], values[i] ?? DBNull.Value);
        }

        return command;
    }

    private static TareException Failed(SqliteException failure) => DatabaseFailure.Of("engine.db", failure);
}
