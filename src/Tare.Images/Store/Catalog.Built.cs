// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Building;
using Tare.Images.Sql;
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>What builds made: the records of the builder's cache.</content>
internal sealed partial class Catalog
{
    private const string BuiltColumns =
        "key, title, chain, diff_id, blob, blob_size, media_type, tree_size, created, used, uses";

    /// <summary>What a step with this key made, or null.</summary>
    public BuildRecord? FindBuilt(string key) =>
        Query(ReadBuilt, $"SELECT {BuiltColumns} FROM built WHERE key = ?1", key) is [var found] ? found : null;

    /// <summary>All records, the one that was used last at the end.</summary>
    public List<BuildRecord> AllBuilt() => Query(ReadBuilt, $"SELECT {BuiltColumns} FROM built ORDER BY used, key");

    /// <summary>Adds a record, in the place of one that has its key.</summary>
    public void AddBuilt(BuildRecord record) => Run(
        $"INSERT OR REPLACE INTO built({BuiltColumns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        record.Key, record.Title, record.Layer?.Chain.ToString(), record.Layer?.DiffId.ToString(),
        record.Layer?.Blob.Digest.ToString(), record.Layer?.Blob.Size ?? 0, record.Layer?.Blob.MediaType,
        record.Layer?.Size ?? 0, record.Created.UtcTicks, record.Used.UtcTicks, record.Uses);

    /// <summary>Notes that a record was used.</summary>
    public void TouchBuilt(string key, DateTimeOffset now) =>
        Run("UPDATE built SET used = ?2, uses = uses + 1 WHERE key = ?1", key, now.UtcTicks);

    public void RemoveBuilt(string key) => Run("DELETE FROM built WHERE key = ?1", key);

    private static BuildRecord ReadBuilt(SqlRow row) => new(
        row.GetString(0),
        row.GetString(1),
        row.IsNull(2) ? null : new StoredLayer(
            new ChainId(ReadDigest(row, 2)),
            new DiffId(ReadDigest(row, 3)),
            new Descriptor(row.GetString(6), ReadDigest(row, 4), row.GetInt64(5)),
            row.GetInt64(7)),
        new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero),
        new DateTimeOffset(row.GetInt64(9), TimeSpan.Zero),
        row.GetInt64(10));
}
