// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tare.Engine.State;
using Tare.Images.Sql;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>The networks of a store: rows of engine.db.</summary>
/// <remarks>Two are no rows: host and none are always there and nothing is to be known of them.</remarks>
internal sealed class NetworkTable(SqlDatabase database, EngineFolders folders)
{
    private const string Columns = "SELECT id, name, created, record FROM network";

    /// <summary>All, by name, with the three that are always there.</summary>
    public List<NetworkRow> List()
    {
        List<NetworkRow> rows = [.. database.Read(Row, Columns), Virtual(NetworkRow.Host, "host"), Virtual(NetworkRow.None, "null")];
        if (!rows.Exists(static row => row.Name == NetworkRow.Default))
        {
            rows.Add(Virtual(NetworkRow.Default, NetworkPlan.Bridge));
        }

        return [.. rows.OrderBy(static row => row.Name, StringComparer.Ordinal)];
    }

    /// <summary>By name, id, or the beginning of an id; null when there is none.</summary>
    /// <exception cref="TareException">InvalidArgument: several ids begin like that</exception>
    public NetworkRow? Find(string text)
    {
        // each start asks: only what is not found so is looked for among all
        List<NetworkRow> rows = database.Read(Row, $"{Columns} WHERE name = ?1 OR id = ?1", text);
        rows = rows.Count > 0 ? rows : List();
        NetworkRow? exact = rows.Find(row => row.Name == text) ?? rows.Find(row => row.Id == text);
        if (exact is not null || text.Length == 0 || !text.All(char.IsAsciiHexDigitLower))
        {
            return exact;
        }

        List<NetworkRow> near = rows.FindAll(row => row.Id.StartsWith(text, StringComparison.Ordinal));
        return near.Count > 1
            ? throw new TareException(ErrorKind.InvalidArgument, $"network {text} is ambiguous ({near.Count} matches found based on ID prefix)")
            : near.FirstOrDefault();
    }

    /// <summary>As <see cref="Find"/>, and not as an error of the caller's alone.</summary>
    /// <exception cref="TareException">NotFound</exception>
    public NetworkRow Get(string text) => Find(text) ?? throw Missing(text);

    /// <summary>What is said of a name that is none.</summary>
    public static TareException Missing(string text) =>
        new(ErrorKind.NotFound, $"network {text} not found", "see what there is with: tare network ls");

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="TareException">AlreadyExists</exception>
    public void Insert(NetworkRow row) => database.Write(durable: true, () =>
    {
        if (database.Read(static _ => 0, "SELECT 1 FROM network WHERE name = ?1", row.Name).Count > 0)
        {
            throw new TareException(ErrorKind.AlreadyExists, $"network with name {row.Name} already exists");
        }

        return database.Change(
            "INSERT INTO network(id, name, created, record) VALUES(?1, ?2, ?3, ?4)",
            row.Id,
            row.Name,
            row.Created.UtcTicks,
            JsonSerializer.SerializeToUtf8Bytes(row.Record, NetworkJson.Default.NetworkRecord));
    });

    public void Delete(string id) => database.Write(durable: true, () => database.Change("DELETE FROM network WHERE id = ?1", id));

    /// <summary>It is still there.</summary>
    public bool Has(string id) => database.Read(static _ => 0, "SELECT 1 FROM network WHERE id = ?1", id).Count > 0;

    private static NetworkRow Row(SqlRow row) => new(
        row.GetString(0), row.GetString(1), new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero), NetworkJson.ReadRecord(row.GetString(1), row.GetBytes(3)));

    /// <summary>The same id for ever, and another one in each store.</summary>
    private NetworkRow Virtual(string name, string driver) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{folders.StoreId} {name}"))), name, DateTimeOffset.UnixEpoch, new(driver, ""));
}
