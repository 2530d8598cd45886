// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Mounts;

namespace Tare.Linux.Processes;

/// <summary>Ids of the host that stand for those of a container, from 0 on, and the means to show files through that map.</summary>
/// <remarks>
/// On disk a file keeps the id that the container gave it; seen through the map it belongs to the host's id that stands
/// for it. man mount_setattr(2), ID-mapped mounts
/// </remarks>
internal sealed class MappedUsers : IDisposable
{
    /// <param name="first">what the container's 0 is on the host</param>
    /// <param name="count">ids</param>
    /// <param name="space">a user namespace with this map; taken over</param>
    public MappedUsers(uint first, uint count, Fd space) => (First, Count, Namespace) = (first, count, space);

    /// <summary>What the container's root, user and group 0, is on the host.</summary>
    public uint First { get; }

    public uint Count { get; }

    /// <summary>Lent. No process is in it.</summary>
    public Fd Namespace { get; }

    /// <summary>Makes the map.</summary>
    /// <exception cref="LinuxException">ENOSPC, EPERM, EINVAL: the host gives no such user namespace</exception>
    public static MappedUsers Create(uint first, uint count)
    {
        string map = string.Create(CultureInfo.InvariantCulture, $"0 {first} {count}\n");
        return new(first, count, UserNamespace.Create(map, map));
    }

    /// <summary>A detached mount of a place as the container sees it; the caller owns it.</summary>
    /// <param name="place">a directory or file, O_PATH is enough</param>
    /// <param name="recursive">with the mounts below it: all or none</param>
    /// <exception cref="LinuxException">EINVAL, EPERM: a file system there shows no mapped owners, or does already</exception>
    public Fd Show(Fd place, bool recursive = false)
    {
        Fd mount = Mount.Clone(place, recursive);
        try
        {
            Mount.SetIdMap(mount, Namespace, recursive);
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }

    /// <summary>This thread makes files as the container's root.</summary>
    public FileSystemUser BeRoot() => FileSystemUser.Be(First, First);

    public void Dispose() => Namespace.Dispose();
}
