// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using Tare.Engine.State;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The container table of engine.db.</summary>
internal sealed class ContainerTable(Database database)
{
    private const int UniqueViolation = 2067;
    private const int MaxDrawnNames = 20;
    private const string Columns = "id, name, image, manifest, created, auto_remove, record, outcome, started";

    /// <summary>Inserts the row; a null <paramref name="name"/> draws one. Returns the row with its name.</summary>
    /// <exception cref="TareException">AlreadyExists: the name is taken</exception>
    public ContainerRow Insert(ContainerRow row, string? name)
    {
        for (int attempt = 0; ; attempt++)
        {
            ContainerRow named = row with { Name = name ?? ContainerName.Draw(attempt / 2) };
            try
            {
                return database.Write(durable: !row.AutoRemove, () => Insert(named));
            }
            catch (SqliteException taken) when (taken.SqliteExtendedErrorCode == UniqueViolation)
            {
                if (name is not null || attempt == MaxDrawnNames)
                {
                    throw NameTaken(named.Name);
                }
            }
        }
    }

    /// <summary>Finds one container by its whole id, its name, or the unambiguous beginning of its id; null for none.</summary>
    /// <exception cref="TareException">InvalidArgument: several ids begin so</exception>
    public ContainerRow? Find(string nameOrId)
    {
        string name = nameOrId.StartsWith('/') ? nameOrId[1..] : nameOrId;
        ContainerRow? exact = Select("WHERE id = $key", name).FirstOrDefault()
            ?? Select("WHERE name = $key", name).FirstOrDefault();
        if (exact is not null || !ContainerId.IsPrefix(name))
        {
            return exact;
        }

        List<ContainerRow> rows = Select("WHERE id >= $key AND id < $key || 'g' LIMIT 2", name);
        return rows.Count < 2
            ? rows.FirstOrDefault()
            : throw new TareException(
                ErrorKind.InvalidArgument, $"multiple IDs found with provided prefix: {name}", "use more digits of the id");
    }

    /// <summary>All containers, the newest first.</summary>
    public List<ContainerRow> List() => Select("ORDER BY created DESC", key: null);

    /// <summary>From here on the container counts as one that runs, or did when its processes died.</summary>
    public void Begin(ContainerId id, DateTimeOffset now) =>
        Update(id, "started = $value", now.UtcTicks, durable: true);

    /// <summary>A start came to nothing: the container is as it was before <see cref="Begin"/>.</summary>
    public void TakeBack(ContainerId id) => Update(id, "started = $value", DBNull.Value, durable: true);

    /// <summary>Records how a container ended. The container may be gone by now, which is no error.</summary>
    public void Settle(ContainerId id, byte[] outcome, bool durable) =>
        Update(id, "outcome = $value, started = NULL", outcome, durable);

    /// <summary>Gives it another name.</summary>
    /// <exception cref="TareException">AlreadyExists: the name is taken</exception>
    public void Rename(ContainerId id, string name)
    {
        try
        {
            Update(id, "name = $value", name, durable: true);
        }
        catch (SqliteException taken) when (taken.SqliteExtendedErrorCode == UniqueViolation)
        {
            throw NameTaken(name);
        }
    }

    /// <summary>It is removed as soon as it has ended.</summary>
    public void RemoveAtEnd(ContainerId id) => Update(id, "auto_remove = $value", true, durable: true);

    /// <summary>Removes the row; false when it was not there.</summary>
    public bool Delete(ContainerId id, bool durable) => database.Write(durable, () =>
    {
        using SqliteCommand uses = database.Command("DELETE FROM volume_use WHERE container = $id");
        uses.Parameters.AddWithValue("$id", id.Text);
        uses.ExecuteNonQuery();
        using SqliteCommand command = database.Command("DELETE FROM container WHERE id = $id");
        command.Parameters.AddWithValue("$id", id.Text);
        return command.ExecuteNonQuery() == 1;
    });

    private ContainerRow Insert(ContainerRow row)
    {
        using SqliteCommand command = database.Command(
            $"INSERT INTO container({Columns}) VALUES($id, $name, $image, $manifest, $created, $auto, $record, NULL, $started)");
        command.Parameters.AddWithValue("$id", row.Id.Text);
        command.Parameters.AddWithValue("$name", row.Name);
        command.Parameters.AddWithValue("$image", row.Image);
        command.Parameters.AddWithValue("$manifest", row.Manifest);
        command.Parameters.AddWithValue("$created", row.Created.UtcTicks);
        command.Parameters.AddWithValue("$auto", row.AutoRemove);
        command.Parameters.AddWithValue("$record", row.Record);
        command.Parameters.AddWithValue("$started", row.Started is { } started ? started.UtcTicks : DBNull.Value);
        command.ExecuteNonQuery();
        return row;
    }

    private void Update(ContainerId id, string assignment, object value, bool durable) => database.Write(durable, () =>
    {
        using SqliteCommand command = database.Command($"UPDATE container SET {assignment} WHERE id = $id");
        command.Parameters.AddWithValue("$id", id.Text);
        command.Parameters.AddWithValue("$value", value);
        return command.ExecuteNonQuery();
    });

    private List<ContainerRow> Select(string rest, string? key)
    {
        using SqliteCommand command = database.Command($"SELECT {Columns} FROM container {rest}");
        if (key is not null)
        {
            command.Parameters.AddWithValue("$key", key);
        }

        var rows = new List<ContainerRow>();
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    private static ContainerRow Read(SqliteDataReader reader) => new(
        ContainerId.TryParse(reader.GetString(0), out ContainerId id) ? id : throw Damaged(reader.GetString(0)),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero),
        reader.GetBoolean(5),
        reader.GetFieldValue<byte[]>(6),
        reader.IsDBNull(7) ? null : reader.GetFieldValue<byte[]>(7),
        reader.IsDBNull(8) ? null : new DateTimeOffset(reader.GetInt64(8), TimeSpan.Zero));

    private static TareException NameTaken(string name) => new(
        ErrorKind.AlreadyExists,
        $"conflict: the container name \"/{name}\" is already in use",
        $"remove that container with: tare rm {name}, or choose another name");

    private static TareException Damaged(string id) => new(ErrorKind.Corrupt, $"engine.db: container id \"{id}\" is damaged");
}
