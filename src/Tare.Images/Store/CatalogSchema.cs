// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;

namespace Tare.Images.Store;

/// <summary>The tables of images.db.</summary>
internal static class CatalogSchema
{
    private const int Version = 3;
    private const int PagesInLog = 64;

    /// <summary>Version 1 knew no builder.</summary>
    private const string Built =
        """

        CREATE TABLE IF NOT EXISTS built(
            key TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            chain TEXT,
            diff_id TEXT,
            blob TEXT,
            blob_size INTEGER NOT NULL,
            media_type TEXT,
            tree_size INTEGER NOT NULL,
            created INTEGER NOT NULL,
            used INTEGER NOT NULL,
            uses INTEGER NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 2;
        """;

    /// <summary>Version 2 did not know why a step ran.</summary>
    private const string Inputs =
        """

        CREATE TABLE IF NOT EXISTS built_inputs(
            key TEXT PRIMARY KEY,
            inputs BLOB NOT NULL);
        PRAGMA user_version = 3;
        """;

    private const string Create =
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
        """
        + Built + Inputs + " COMMIT;";

    public static SqlSchema Current { get; } = new(Version, Create, [Built, Inputs], PagesInLog);
}
