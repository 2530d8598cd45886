// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Sql;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The container table of engine.db.</summary>
internal sealed class ContainerTable(SqlDatabase database)
{
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
            catch (TareException taken) when (taken.Kind == ErrorKind.AlreadyExists)
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
        ContainerRow? exact = Select("WHERE id = ?1", name).FirstOrDefault()
            ?? Select("WHERE name = ?1", name).FirstOrDefault();
        if (exact is not null || !ContainerId.IsPrefix(name))
        {
            return exact;
        }

        List<ContainerRow> rows = Select("WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2", name);
        return rows.Count < 2
            ? rows.FirstOrDefault()
            : throw new TareException(
                ErrorKind.InvalidArgument, $"multiple IDs found with provided prefix: {name}", "use more digits of the id");
    }

    /// <summary>All containers, the newest first.</summary>
    public List<ContainerRow> List() => Select("ORDER BY created DESC");

    /// <summary>From here on the container counts as one that runs, or did when its processes died.</summary>
    public void Begin(ContainerId id, DateTimeOffset now) =>
        Update(id, "started = ?2", now.UtcTicks, durable: true);

    /// <summary>A start came to nothing: the container is as it was before <see cref="Begin"/>.</summary>
    public void TakeBack(ContainerId id) => Update(id, "started = ?2", null, durable: true);

    /// <summary>Records how a container ended. The container may be gone by now, which is no error.</summary>
    public void Settle(ContainerId id, byte[] outcome, bool durable) =>
        Update(id, "outcome = ?2, started = NULL", outcome, durable);

    /// <summary>Replaces what was decided for it.</summary>
    public void Describe(ContainerId id, byte[] record) => Update(id, "record = ?2", record, durable: false);

    /// <summary>Gives it another name.</summary>
    /// <exception cref="TareException">AlreadyExists: the name is taken</exception>
    public void Rename(ContainerId id, string name)
    {
        try
        {
            Update(id, "name = ?2", name, durable: true);
        }
        catch (TareException taken) when (taken.Kind == ErrorKind.AlreadyExists)
        {
            throw NameTaken(name);
        }
    }

    /// <summary>It is removed as soon as it has ended.</summary>
    public void RemoveAtEnd(ContainerId id) => Update(id, "auto_remove = ?2", true, durable: true);

    /// <summary>Removes the row; false when it was not there.</summary>
    public bool Delete(ContainerId id, bool durable) => database.Write(durable, () =>
    {
        database.Change("DELETE FROM volume_use WHERE container = ?1", id.Text);
        return database.Change("DELETE FROM container WHERE id = ?1", id.Text) == 1;
    });

    private ContainerRow Insert(ContainerRow row)
    {
        database.Change(
            $"INSERT INTO container({Columns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)",
            row.Id.Text,
            row.Name,
            row.Image,
            row.Manifest,
            row.Created.UtcTicks,
            row.AutoRemove,
            row.Record,
            row.Started?.UtcTicks);
        return row;
    }

    private void Update(ContainerId id, string assignment, object? value, bool durable) => database.Write(
        durable, () => database.Change($"UPDATE container SET {assignment} WHERE id = ?1", id.Text, value));

    private List<ContainerRow> Select(string rest, params ReadOnlySpan<object?> key) =>
        database.Read(Read, $"SELECT {Columns} FROM container {rest}", key);

    private static ContainerRow Read(SqlRow row) => new(
        ContainerId.TryParse(row.GetString(0), out ContainerId id) ? id : throw Damaged(row.GetString(0)),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
        row.GetBoolean(5),
        row.GetBytes(6),
        row.IsNull(7) ? null : row.GetBytes(7),
        row.IsNull(8) ? null : new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero));

    private static TareException NameTaken(string name) => new(
        ErrorKind.AlreadyExists,
        $"conflict: the container name \"/{name}\" is already in use",
        $"remove that container with: tare rm {name}, or choose another name");

    private static TareException Damaged(string id) => new(ErrorKind.Corrupt, $"engine.db: container id \"{id}\" is damaged");
}
