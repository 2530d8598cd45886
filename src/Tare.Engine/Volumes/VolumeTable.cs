// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Images.Sql;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Volumes;

/// <summary>The volumes of a store: rows of engine.db and folders below <c>volumes</c>.</summary>
/// <remarks>
/// The row comes before the folder and goes after it, so that who is killed in between leaves a row, which names the
/// container that is to be repaired: <see cref="MakeMissing"/>, <see cref="RemoveAnonymous"/>.
/// </remarks>
internal sealed class VolumeTable(SqlDatabase database, EngineFolders folders, TimeProvider clock)
{
    private const int MaxName = 255;
    private const uint Private = 0b111_000_000;
    private const uint Public = 0b111_101_101;

    private static readonly SearchValues<char> NameRest =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Returns <paramref name="name"/> or throws InvalidArgument.</summary>
    public static string Parse(string name)
    {
        bool valid = name.Length is >= 2 and <= MaxName
            && char.IsAsciiLetterOrDigit(name[0])
            && !name.AsSpan(1).ContainsAnyExcept(NameRest);
        return valid
            ? name
            : throw new TareException(
                ErrorKind.InvalidArgument,
                $"\"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed",
                "if you intended to pass a host directory, use an absolute path");
    }

    /// <summary>Makes the volume unless it is there, and marks it as used by the container. Idempotent.</summary>
    /// <param name="name">null: a new anonymous volume</param>
    /// <param name="container">who uses it</param>
    /// <returns>the name, and whether it is empty and may take the image's content</returns>
    public (string Name, bool Empty) Use(string? name, ContainerId container)
    {
        string chosen = name is null ? ContainerId.Create().Text : Parse(name);
        database.Write(durable: true, () => Insert(chosen, name is null, container));
        if (MakeFolder(chosen))
        {
            return (chosen, true);
        }

        using Fd content = HostPath.OpenDirectory(folders.VolumePath(chosen));
        return (chosen, content.IsEmptyDirectory());
    }

    /// <summary>Makes the folders of a container's volumes that whoever recorded them did not live to make.</summary>
    public void MakeMissing(ContainerId container)
    {
        foreach (string name in UsedBy(container, "1"))
        {
            MakeFolder(name);
        }
    }

    /// <summary>Removes the anonymous volumes that only this container uses. Call it before the container's row goes.</summary>
    public void RemoveAnonymous(ContainerId container)
    {
        foreach (string name in UsedBy(container, "anonymous"))
        {
            database.Write(durable: false, () =>
            {
                bool isGone = Delete(name, container);
                if (isGone)
                {
                    MoveAway(name, container);
                }

                return isGone;
            });
        }
    }

    /// <summary>All volumes by name.</summary>
    public List<VolumeRow> List() => database.Read(
        static row => new VolumeRow(
            row.GetString(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), row.GetBoolean(2), VolumeLabels.Read(row.GetBytes(3))),
        "SELECT name, created, anonymous, labels FROM volume ORDER BY name");

    /// <summary>One volume; null when there is none of the name.</summary>
    public VolumeRow? Find(string name) => List().Find(volume => volume.Name == name);

    /// <summary>IDs of the containers that use a volume.</summary>
    public List<string> UsersOf(string name) =>
        database.Read(static row => row.GetString(0), "SELECT container FROM volume_use WHERE volume = ?1 ORDER BY container", name);

    /// <summary>Makes a volume that no container uses yet; one that is there already stays as it is.</summary>
    /// <param name="name">null draws one</param>
    /// <param name="labels">of a new one</param>
    public VolumeRow Create(string? name, IReadOnlyDictionary<string, string> labels)
    {
        string chosen = name is null ? ContainerId.Create().Text : Parse(name);
        database.Write(durable: true, () => database.Change(
            "INSERT OR IGNORE INTO volume(name, created, anonymous, labels) VALUES(?1, ?2, ?3, ?4)",
            chosen,
            clock.GetUtcNow().UtcTicks,
            name is null,
            VolumeLabels.Write(labels)));
        MakeFolder(chosen);
        return Find(chosen)!;
    }

    /// <summary>Removes a volume with its content; false when a container uses it, or it is not there.</summary>
    /// <remarks>
    /// It becomes the anonymous volume of a container that never was: with that it goes, also when this process dies in it,
    /// see <see cref="Recovery"/>.
    /// </remarks>
    public bool TryRemove(string name)
    {
        if (Find(name) is not { } volume)
        {
            return false;
        }

        var grave = ContainerId.Create();
        Operation operation = Operation.Begin(folders, grave.Text);
        folders.MakeContainer(grave.Text).Dispose();
        if (database.Write(durable: true, () => TakeOver(name, grave)))
        {
            RemoveAnonymous(grave);
        }

        bool isGone = Find(name) is null;
        if (!isGone && !volume.Anonymous)
        {
            // somebody took it into use just now
            database.Write(durable: true, () => database.Change("UPDATE volume SET anonymous = 0 WHERE name = ?1", name));
        }

        folders.RemoveContainer(grave.Text);
        operation.Complete();
        return isGone;
    }

    private bool TakeOver(string name, ContainerId grave)
    {
        bool isUnused = database.Change(
            "UPDATE volume SET anonymous = 1 WHERE name = ?1 AND name NOT IN (SELECT volume FROM volume_use)", name) == 1;
        if (isUnused)
        {
            database.Change("INSERT INTO volume_use VALUES(?1, ?2)", name, grave.Text);
        }

        return isUnused;
    }

    private bool MakeFolder(string name)
    {
        using Fd volumes = HostPath.MakeDirectories($"{folders.Root}/volumes", Private);
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        volumes.TryMakeDirectory(bytes, Private);
        using Fd volume = volumes.Open(bytes, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (!volume.TryMakeDirectory("_data"u8, Public))
        {
            return false;
        }

        volume.SetMode("_data"u8, Public);
        return true;
    }

    /// <summary>Into the container's own folder, which goes with everything in it: a rename is quick enough for a transaction.</summary>
    private void MoveAway(string name, ContainerId container)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        using Fd volumes = HostPath.MakeDirectories($"{folders.Root}/volumes", Private);
        try
        {
            using Fd home = folders.OpenContainer(container.Text);
            volumes.Rename(bytes, home, AtomicFile.TemporaryName());
        }
        catch (LinuxException)
        {
            // a volume on another file system, or one whose removal was begun before
            FileTree.Remove(volumes, bytes);
        }
    }

    private int Insert(string name, bool anonymous, ContainerId container)
    {
        database.Change(
            "INSERT OR IGNORE INTO volume(name, created, anonymous, labels) VALUES(?1, ?2, ?3, x'')",
            name,
            clock.GetUtcNow().UtcTicks,
            anonymous);
        return database.Change("INSERT OR IGNORE INTO volume_use VALUES(?1, ?2)", name, container.Text);
    }

    private List<string> UsedBy(ContainerId container, string condition) => database.Read(
        static row => row.GetString(0),
        $"SELECT name FROM volume JOIN volume_use ON volume = name WHERE container = ?1 AND {condition}",
        container.Text);

    private bool Delete(string name, ContainerId container)
    {
        database.Change("DELETE FROM volume_use WHERE volume = ?1 AND container = ?2", name, container.Text);
        return database.Change("DELETE FROM volume WHERE name = ?1 AND name NOT IN (SELECT volume FROM volume_use)", name) == 1;
    }
}
