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

    public void RemoveBuilt(string key)
    {
        Run("DELETE FROM built WHERE key = ?1", key);
        Run("DELETE FROM built_inputs WHERE key = ?1", key);
    }

    /// <summary>Keeps what a record's step depended on, in the builder's own form.</summary>
    public void AddInputs(string key, byte[] inputs) => Run("INSERT OR REPLACE INTO built_inputs VALUES(?1, ?2)", key, inputs);

    /// <summary>Titles and inputs of the records that were used last, the newest at the end.</summary>
    public List<(string Title, byte[] Inputs)> RecentInputs(int max)
    {
        List<(string Title, byte[] Inputs)> found = Query(
            static row => (row.GetString(0), row.GetBytes(1)),
            "SELECT b.title, i.inputs FROM built b JOIN built_inputs i ON i.key = b.key ORDER BY b.used DESC LIMIT ?1",
            max);
        found.Reverse();
        return found;
    }

    /// <summary>The inputs of one record, or null.</summary>
    public byte[]? FindInputs(string key) =>
        Query(static row => row.GetBytes(0), "SELECT inputs FROM built_inputs WHERE key = ?1", key) is [var found] ? found : null;

    /// <summary>All keys that lead to this layer under this title, sorted.</summary>
    public List<string> KeysOf(ChainId chain, string title) => Query(
        static row => row.GetString(0), "SELECT key FROM built WHERE chain = ?1 AND title = ?2 ORDER BY key", chain.ToString(), title);

    /// <summary>What running loads and builds keep, as leases spell it.</summary>
    public HashSet<string> Leased() => [.. Query(static row => row.GetString(0), "SELECT item FROM lease")];

    /// <summary>The layers that images are made of.</summary>
    public HashSet<string> ImageChains() => [.. Query(static row => row.GetString(0), "SELECT DISTINCT chain FROM layer")];

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
