// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One connection to images.db: which names there are, and what images, layers and blobs they stand for.</summary>
/// <remarks>
/// Any number of processes may hold one; SQLite's write-ahead log makes their transactions serialisable.
/// Not thread-safe: a connection belongs to one thread at a time. Digests are kept in their text form.
/// A layer is in the store when it has a row in <c>tree</c>, a blob when it has a file.
/// </remarks>
internal sealed partial class Catalog : IDisposable
{
    private const int SchemaVersion = 1;
    private const int PagesInLog = 64;
    private const int BusyTimeoutSeconds = 60;
    private const int MillisecondsPerSecond = 1000;

    private const string Schema =
        """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS root(
            digest TEXT PRIMARY KEY,
            media_type TEXT NOT NULL,
            size INTEGER NOT NULL,
            added INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS name(
            name TEXT PRIMARY KEY,
            root TEXT NOT NULL REFERENCES root(digest)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS name_root ON name(root);
        CREATE TABLE IF NOT EXISTS member(
            root TEXT NOT NULL REFERENCES root(digest),
            position INTEGER NOT NULL,
            manifest TEXT NOT NULL REFERENCES image(manifest),
            PRIMARY KEY(root, position)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS member_manifest ON member(manifest);
        CREATE TABLE IF NOT EXISTS loose(
            root TEXT NOT NULL REFERENCES root(digest),
            digest TEXT NOT NULL,
            PRIMARY KEY(root, digest)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS image(
            manifest TEXT PRIMARY KEY,
            media_type TEXT NOT NULL,
            manifest_size INTEGER NOT NULL,
            config TEXT NOT NULL,
            os TEXT NOT NULL,
            architecture TEXT NOT NULL,
            variant TEXT,
            created INTEGER,
            size INTEGER NOT NULL,
            config_bytes BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS image_config ON image(config);
        CREATE TABLE IF NOT EXISTS layer(
            manifest TEXT NOT NULL REFERENCES image(manifest),
            position INTEGER NOT NULL,
            chain TEXT NOT NULL,
            diff_id TEXT NOT NULL,
            blob TEXT NOT NULL,
            blob_size INTEGER NOT NULL,
            media_type TEXT NOT NULL,
            PRIMARY KEY(manifest, position)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tree(
            chain TEXT PRIMARY KEY,
            size INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS lease(
            owner TEXT NOT NULL,
            item TEXT NOT NULL,
            PRIMARY KEY(owner, item)) WITHOUT ROWID;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private readonly SqliteConnection _connection;

    private readonly string _path;

    private Catalog(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens the file, making it and its tables when it is new.</summary>
    public static Catalog Open(string path)
    {
        raw.SetProvider(new SQLite3Provider_sqlite3());
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout={BusyTimeoutSeconds}");
        try
        {
            connection.Open();

            // the last process to close would otherwise checkpoint and fsync: milliseconds at each `run`
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutSeconds * MillisecondsPerSecond);
            var catalog = new Catalog(connection, path);

            catalog.Migrate(path);
            return catalog;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Failed(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="body"/> as one transaction that no other writer interrupts.</summary>
    /// <param name="durable">on stable storage on return; else it survives the process, but not a power cut</param>
    /// <param name="body">what to do; an exception rolls all of it back</param>
    public T Write<T>(bool durable, Func<T> body)
    {
        try
        {
            Run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            T result = body();
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            FailedCommit.Erase(_connection, e);
            throw Failed(e);
        }
    }

    public void Dispose()
    {
        WriteAheadLog.Shorten(_connection, _path, PagesInLog);
        _connection.Dispose();
    }

    private void Migrate(string path)
    {
        using SqliteCommand version = Command("PRAGMA user_version");
        long found = (long)version.ExecuteScalar()!;
        if (found == 0)
        {
            Run(Schema);
        }
        else if (found > SchemaVersion)
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"open {path}: written by a newer tare (schema {found}, this one knows {SchemaVersion})",
                "use the newer binary, or another folder with --root");
        }
    }

    /// <summary>A statement with its parameters bound to <c>$1</c>, <c>$2</c> …</summary>
    private SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(Parameter(i), values[i] ?? DBNull.Value);
        }
        return command;
    }

    private int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    private List<T> Query<T>(Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<object?> values)
    {
        try
        {
            using SqliteCommand command = Command(sql, values);
            using SqliteDataReader reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(read(reader));
            }
            return rows;
        }
        catch (SqliteException e)
        {
            throw Failed(e);
        }
    }

    private static TareException Failed(SqliteException e) => DatabaseFailure.Of("images.db", e);

    private static string Parameter(int index) => index switch
    {
        0 => "$1",
        1 => "$2",
        2 => "$3",
        3 => "$4",
        _ => $"${index + 1}",
    };

    /// <summary>A digest that we wrote ourselves.</summary>
    private static Digest ReadDigest(SqliteDataReader row, int column) => Digest.TryParse(row.GetString(column), out Digest digest)
        ? digest
        : throw new TareException(ErrorKind.Corrupt, $"images.db: {Quoted.Text(row.GetString(column))} is not a digest");
}
