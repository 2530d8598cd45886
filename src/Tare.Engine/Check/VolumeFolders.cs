// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.Volumes;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>volumes/: every volume has a record and a folder.</summary>
/// <remarks>
/// A named volume without a record that holds something is recorded again and not removed: it may be all that is left of
/// somebody's data after engine.db was lost.
/// </remarks>
internal sealed class VolumeFolders(TareEngine engine) : IConcern
{
    private const int MaxNames = 1 << 20;
    private const uint Private = 0b111_000_000;
    private const uint Public = 0b111_101_101;
    private const string Volume = "volume";
    private const string File = "file";

    public string Name => "volumes";

    public IEnumerable<Finding> Look(Inventory now)
    {
        using Fd? folder = TryOpenFolder();
        List<byte[]> names = folder?.SortedNames(MaxNames) ?? [];
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (byte[] bytes in names)
        {
            string name = Encoding.UTF8.GetString(bytes);
            there.Add(name);
            if (!IsName(name) || folder!.TryStatus(bytes) is { IsDirectory: false })
            {
                yield return new(File, $"volumes/{name}", "it is not a volume", Repairable: true);
            }
            else if (!now.VolumeNames.Contains(name))
            {
                yield return new(Volume, name, "its folder has no record", Repairable: true);
            }
        }

        foreach (string name in now.VolumeNames.Where(name => !there.Contains(name)))
        {
            yield return new(Volume, name, "its folder is gone", Repairable: true, "--repair makes it again, empty, if a container uses it");
        }
    }

    public void Repair(IReadOnlyList<Finding> findings)
    {
        using Fd? folder = TryOpenFolder();
        foreach (Finding finding in findings.Where(_ => folder is not null))
        {
            if (finding.Kind == File)
            {
                FileTree.Remove(folder!, Encoding.UTF8.GetBytes(finding.Subject["volumes/".Length..]));
            }
            else
            {
                Repair(folder!, finding.Subject);
            }
        }
    }

    /// <summary>Inside a transaction, so that nobody begins to use it meanwhile; the files of a removed one go afterwards.</summary>
    private void Repair(Fd folder, string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        byte[]? trash = null;
        engine.Database.Write(durable: true, () =>
        {
            bool isKnown = engine.Volumes.List().Exists(volume => volume.Name == name);
            bool isThere = folder.TryStatus(bytes) is not null;
            if (isKnown && !isThere && engine.Database.Change("DELETE FROM volume WHERE name = ?1 AND name NOT IN (SELECT volume FROM volume_use)", name) == 0)
            {
                MakeFolder(folder, bytes);
            }
            else if (!isKnown && isThere && IsThrowAway(folder, name))
            {
                trash = AtomicFile.TemporaryName();
                folder.Rename(bytes, folder, trash);
            }
            else if (!isKnown && isThere)
            {
                engine.Database.Change(
                    "INSERT INTO volume(name, created, anonymous, labels) VALUES(?1, ?2, 0, x'')", name, engine.Clock.GetUtcNow().UtcTicks);
            }

            return true;
        });
        if (trash is not null)
        {
            FileTree.Remove(folder, trash);
        }
    }

    private static void MakeFolder(Fd folder, byte[] name)
    {
        folder.MakeDirectory(name, Private);
        using Fd volume = folder.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        volume.MakeDirectory("_data"u8, Public);
        volume.SetMode("_data"u8, Public);
    }

    /// <summary>Anonymous, or nothing in it.</summary>
    private static bool IsThrowAway(Fd folder, string name)
    {
        using Fd volume = folder.Open(Encoding.ASCII.GetBytes(name), OpenFlags.ReadOnly | OpenFlags.Directory);
        using Fd? data = volume.TryOpen("_data"u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        return ContainerId.TryParse(name, out _) || data is null || data.IsEmptyDirectory();
    }

    private Fd? TryOpenFolder() => HostPath.TryOpen($"{engine.Folders.Root}/volumes", OpenFlags.ReadOnly | OpenFlags.Directory);

    private static bool IsName(string name)
    {
        try
        {
            return VolumeTable.Parse(name) == name;
        }
        catch (TareException)
        {
            return false;
        }
    }
}
