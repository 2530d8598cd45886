// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.State;

/// <summary>Where an engine keeps what lasts (root) and what lives only until the next boot (run).</summary>
/// <remarks>
/// All folders are 0700: files in them carry the ids that images gave them, set-uid bits included.
/// </remarks>
internal sealed class EngineFolders : IDisposable
{
    /// <summary>The store of a host that has only one.</summary>
    public const string DefaultRoot = "/var/lib/tare";

    private const uint Private = 0b111_000_000;
    private const int StoreIdDigits = 8;

    private EngineFolders(string root, string run, bool firstSinceBoot, Fd containers, Fd live, Fd operations)
    {
        (Root, Run, FirstSinceBoot) = (root, run, firstSinceBoot);
        (Containers, Live, Operations) = (containers, live, operations);
    }

    /// <summary>Absolute path of the store.</summary>
    public string Root { get; }

    /// <summary>Absolute path of the run folder.</summary>
    public string Run { get; }

    /// <summary>True when the run folder did not exist: nothing of this store has run since the boot.</summary>
    public bool FirstSinceBoot { get; }

    /// <summary><c>containers</c> in the store. Lent.</summary>
    public Fd Containers { get; }

    /// <summary><c>containers</c> in the run folder: sockets and exit records. Lent.</summary>
    public Fd Live { get; }

    /// <summary><c>ops</c> in the run folder: a locked file for each change that a process is making. Lent.</summary>
    public Fd Operations { get; }

    /// <summary>Opens both folders and makes what is missing.</summary>
    /// <exception cref="TareException">PermissionDenied: not root</exception>
    public static EngineFolders Open(string root, string run)
    {
        (root, run) = (Path.GetFullPath(root), Path.GetFullPath(run));
        try
        {
            Fd containers = HostPath.MakeDirectories($"{root}/containers", Private);
            bool first = HostPath.TryStatus($"{run}/ops") is null;
            Fd live = HostPath.MakeDirectories($"{run}/containers", Private);
            Fd operations = HostPath.MakeDirectories($"{run}/ops", Private);
            if (first)
            {
                // ext4 then spreads containers over the disk, and does not search where others were just deleted
                containers.TrySetTopOfTrees();
            }

            return new(root, run, first, containers, live, operations);
        }
        catch (LinuxException refused) when (refused.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new TareException(
                ErrorKind.PermissionDenied,
                $"open the store {root}: permission denied",
                "run tare as root, for instance with sudo",
                refused);
        }
    }

    /// <summary>Eight hex digits that tell this store's cgroups and other host-wide names from those of other stores.</summary>
    public string StoreId => field ??= ReadStoreId();

    /// <summary>The cgroup, in each hierarchy, below which this store's containers have theirs.</summary>
    public string CgroupParent => $"tare-{StoreId}";

    /// <summary>The first column of /proc/mounts of this store's containers: their layers may be shown without a path.</summary>
    public string MountMark => MarkOf(StoreId);

    /// <summary>As <see cref="MountMark"/>, of a store by its id.</summary>
    public static string MarkOf(string storeId) => $"tare-{storeId}";

    /// <summary>Absolute path of a container's folder in the store.</summary>
    public string ContainerPath(string id) => $"{Root}/containers/{id}";

    /// <summary>Absolute path of a container's folder in the run folder.</summary>
    public string LivePath(string id) => $"{Run}/containers/{id}";

    /// <summary>Absolute path of a volume's content.</summary>
    public string VolumePath(string name) => $"{Root}/volumes/{name}/_data";

    /// <summary>Opens a container's folder in the run folder.</summary>
    public Fd OpenLive(string id) =>
        Live.Open(Encoding.ASCII.GetBytes(id), OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>As <see cref="OpenLive"/>; null when it is not there.</summary>
    public Fd? TryOpenLive(string id) =>
        Live.TryOpen(Encoding.ASCII.GetBytes(id), OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>Opens a container's folder in the store.</summary>
    public Fd OpenContainer(string id) =>
        Containers.Open(Encoding.ASCII.GetBytes(id), OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>Makes a container's folder in the store and opens it.</summary>
    public Fd MakeContainer(string id)
    {
        Containers.MakeDirectory(Encoding.ASCII.GetBytes(id), Private);
        return OpenContainer(id);
    }

    /// <summary>Makes a container's folder in the run folder anew and opens it.</summary>
    public Fd MakeLive(string id)
    {
        byte[] name = Encoding.ASCII.GetBytes(id);
        if (!Live.TryMakeDirectory(name, Private))
        {
            // the rest of a start that came to nothing
            RemoveLive(id);
            Live.MakeDirectory(name, Private);
        }

        return OpenLive(id);
    }

    /// <summary>Removes a container's folder in the run folder; what is not there is no error.</summary>
    public void RemoveLive(string id)
    {
        Networks.ContainerNetworks.Release(this, id);
        IdClaims.Release(this, id);
        FileTree.Remove(Live, Encoding.ASCII.GetBytes(id));
        CgroupPlaces.Release(this, id);
    }

    /// <summary>Removes a container's folders; what is not there is no error.</summary>
    public void RemoveContainer(string id)
    {
        byte[] name = Encoding.ASCII.GetBytes(id);
        FileTree.Remove(Containers, name);
        RemoveLive(id);
    }

    private string ReadStoreId()
    {
        string path = $"{Root}/id";
        byte[]? known = HostPath.TryReadAll(path, StoreIdDigits);
        if (known is null)
        {
            Span<byte> random = stackalloc byte[StoreIdDigits / 2];
            Entropy.Fill(random);
            using Fd root = HostPath.OpenDirectory(Root);
            using Fd file = root.OpenTemporary(Private);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(random)));
            file.Sync();
            try
            {
                root.LinkFile("id"u8, file);
            }
            catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
            {
                // another process was faster, and its id counts
            }

            known = HostPath.ReadAll(path, StoreIdDigits);
        }

        string id = Encoding.ASCII.GetString(known);
        return id.Length == StoreIdDigits && id.All(char.IsAsciiHexDigitLower)
            ? id
            : throw new TareException(ErrorKind.Corrupt, $"{path}: not a store id");
    }

    public void Dispose()
    {
        Operations.Dispose();
        Live.Dispose();
        Containers.Dispose();
    }
}
