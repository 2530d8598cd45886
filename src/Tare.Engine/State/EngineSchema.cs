// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;

namespace Tare.Engine.State;

/// <summary>The tables of engine.db: what containers, volumes and networks there are, and what was asked for them.</summary>
internal static class EngineSchema
{
    private const int Version = 3;
    private const int PagesInLog = 128;

    /// <summary>Version 2 knew none.</summary>
    private const string Network =
        """

        CREATE TABLE IF NOT EXISTS network(
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            record BLOB NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 3;
        """;

    private const string Create =
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
        """
        + Network + " COMMIT;";

    /// <summary>Version 1 knew only containers that ran in the foreground, each once.</summary>
    private const string FromVersion1 =
        """
        ALTER TABLE container ADD COLUMN started INTEGER;
        UPDATE container SET started = created WHERE outcome IS NULL;
        PRAGMA user_version = 2;
        """;

    public static SqlSchema Current { get; } = new(Version, Create, [FromVersion1, Network], PagesInLog);
}
