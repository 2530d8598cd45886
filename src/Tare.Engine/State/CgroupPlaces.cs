// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.State;

/// <summary>Where the cgroups of containers are that do not stand below the store's own parent: a file in the run folder for each.</summary>
/// <remarks>
/// It is written before anything of the cgroup is made, and goes when nothing of it is left, later than the container's
/// own run folder if need be: who dies in between leaves what the next command finds. Lines <c>unified PATH</c> and
/// <c>v1 PATH</c>, in the order of the hierarchies, then <c>end</c>: one without it is of somebody who died before he made
/// anything. Containers with the usual place have none, and cost one look at a name that is not there.
/// </remarks>
internal static class CgroupPlaces
{
    /// <summary>A path for each hierarchy that the kernel can have.</summary>
    private const int MaxBytes = 256 << 10;

    private const int MaxNames = 1 << 20;
    private const uint OwnersFolder = 0b111_000_000;
    private const uint OwnersFile = 0b110_000_000;
    private const string UnifiedMark = "unified ";
    private const string V1Mark = "v1 ";
    private const string End = "end\n";

    /// <summary>Writes down where a cgroup is going to be. The caller holds the container's operation.</summary>
    public static void Write(EngineFolders folders, string id, Cgroup cgroup)
    {
        var text = new StringBuilder();
        for (int i = 0; i < cgroup.Paths.Count; i++)
        {
            text.Append(i == 0 && cgroup.HasUnified ? UnifiedMark : V1Mark).Append(cgroup.Paths[i]).Append('\n');
        }

        using Fd folder = HostPath.MakeDirectories(FolderOf(folders), OwnersFolder);
        using Fd file = folder.Open(
            Encoding.ASCII.GetBytes(id), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, OwnersFile);
        file.Write(Encoding.UTF8.GetBytes(text.Append(End).ToString()));
    }

    /// <summary>Null: it is at the usual place, or nowhere yet.</summary>
    /// <exception cref="TareException">Corrupt</exception>
    public static Cgroup? TryRead(EngineFolders folders, string id)
    {
        string path = PathOf(folders, id);
        return HostPath.TryReadAll(path, MaxBytes) is not { } bytes || !bytes.AsSpan().EndsWith("end\n"u8) ? null
            : Parse(bytes, id) ?? throw new TareException(
                ErrorKind.Corrupt, $"{path}: does not tell where the cgroup of a container is", "tare system check");
    }

    /// <summary>Forgets a place where nothing is any more.</summary>
    public static void Release(EngineFolders folders, string id)
    {
        string path = PathOf(folders, id);
        if (HostPath.TryReadAll(path, MaxBytes) is { } bytes && (Parse(bytes, id) is not { } cgroup || Existing(cgroup).Count == 0))
        {
            Remove(folders, id);
        }
    }

    /// <summary>Every container that has one, and the cgroup; null for what cannot be read.</summary>
    public static IReadOnlyList<(string Name, Cgroup? Cgroup)> List(EngineFolders folders)
    {
        using Fd? folder = HostPath.TryOpen(FolderOf(folders), OpenFlags.ReadOnly | OpenFlags.Directory);
        List<(string, Cgroup?)> found = [];
        foreach (byte[] bytes in folder?.SortedNames(MaxNames) ?? [])
        {
            string name = Encoding.UTF8.GetString(bytes);
            if (HostPath.TryReadAll(PathOf(folders, name), MaxBytes) is { } text)
            {
                found.Add((name, Parse(text, name)));
            }
        }

        return found;
    }

    /// <summary>Forgets a place, whatever is there.</summary>
    public static void Remove(EngineFolders folders, string name)
    {
        using Fd? folder = HostPath.TryOpen(FolderOf(folders), OpenFlags.ReadOnly | OpenFlags.Directory);
        folder?.TryUnlink(Encoding.UTF8.GetBytes(name));
    }

    /// <summary>The directories of a cgroup that are there.</summary>
    public static List<string> Existing(Cgroup cgroup) => [.. cgroup.Paths.Where(static path => HostPath.TryStatus(path) is not null)];

    /// <summary>Null unless every line names a directory of this container: what is removed by it is nobody else's.</summary>
    internal static Cgroup? Parse(ReadOnlySpan<byte> bytes, string id)
    {
        List<string> paths = [];
        bool hasUnified = false;
        string text = Encoding.UTF8.GetString(bytes);
        if (!text.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        foreach (string line in text[..^End.Length].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isUnified = paths.Count == 0 && line.StartsWith(UnifiedMark, StringComparison.Ordinal);
            string mark = isUnified ? UnifiedMark : V1Mark;
            string path = line.StartsWith(mark, StringComparison.Ordinal) ? line[mark.Length..] : "";
            if (!path.StartsWith('/') || !path.EndsWith($"/{id}", StringComparison.Ordinal) || path.Split('/').Contains(".."))
            {
                return null;
            }

            hasUnified |= isUnified;
            paths.Add(path);
        }

        return paths.Count > 0 ? new(paths) { HasUnified = hasUnified } : null;
    }

    private static string FolderOf(EngineFolders folders) => $"{folders.Run}/cgroups";

    private static string PathOf(EngineFolders folders, string name) => $"{FolderOf(folders)}/{name}";
}
