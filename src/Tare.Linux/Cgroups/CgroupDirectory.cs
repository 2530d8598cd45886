// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Cgroups;

/// <summary>Makes and removes the directories that are cgroups.</summary>
internal static unsafe class CgroupDirectory
{
    /// <summary>A container may nest cgroups (systemd inside); deeper trees are left and reported as busy.</summary>
    private const int MaxDepth = 32;

    private const int AT_REMOVEDIR = 0x200;

    /// <summary>False when the parent is missing. An empty cgroup that is there already is made anew.</summary>
    /// <exception cref="LinuxException">EBUSY: one with processes is there</exception>
    internal static bool TryMake(string path, uint mode)
    {
        Errno errno = Make(path, mode);
        if (errno == Errno.EEXIST)
        {
            errno = TryRemove(path) ? Make(path, mode) : Errno.EBUSY;
        }

        return errno is Errno.None or Errno.ENOENT
            ? errno == Errno.None
            : throw new LinuxException(errno, "mkdir", path);
    }

    /// <summary>As <see cref="Ensure"/>; true when it was not there. Null when the directory above has gone.</summary>
    internal static bool? TryMakeNew(string path, uint mode) => Make(path, mode) switch
    {
        Errno.None => true,
        Errno.EEXIST => false,
        Errno.ENOENT => null,
        var errno => throw new LinuxException(errno, "mkdir", path),
    };

    /// <summary>Makes one that others may be making or using at the same time: one that is there already stays as it is.</summary>
    internal static void Ensure(string path, uint mode)
    {
        if (Make(path, mode) is var errno and not (Errno.None or Errno.EEXIST))
        {
            throw new LinuxException(errno, "mkdir", path);
        }
    }

    /// <summary>Removes a cgroup and those below it. False when one still has processes; true when there is none.</summary>
    internal static bool TryRemove(string path, int depth = 0)
    {
        Errno errno = Remove(path);
        if (errno is not (Errno.EBUSY or Errno.ENOTEMPTY) || depth == MaxDepth)
        {
            return errno is Errno.None or Errno.ENOENT
                || (errno is Errno.EBUSY or Errno.ENOTEMPTY ? false : throw new LinuxException(errno, "rmdir", path));
        }

        List<string> below = Children(path);
        if (below.Count == 0)
        {
            return false;
        }

        foreach (string child in below)
        {
            if (!TryRemove(child, depth + 1))
            {
                return false;
            }
        }

        return Remove(path) is Errno.None or Errno.ENOENT;
    }

    /// <summary>As <see cref="TryRemove"/>, but leaves it when there is any cgroup below.</summary>
    internal static bool TryRemoveEmpty(string path) => Remove(path) is Errno.None or Errno.ENOENT;

    /// <summary>The cgroups directly below; none when the directory is gone.</summary>
    internal static List<string> Children(string path)
    {
        List<string> found = [];
        using Fd? directory = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (directory is null)
        {
            return found;
        }

        foreach (Entry entry in directory.Entries())
        {
            if (entry.Kind == FileKind.Directory)
            {
                found.Add($"{path}/{Encoding.UTF8.GetString(entry.Name)}");
            }
        }

        return found;
    }

    private static Errno Make(string path, uint mode)
    {
        CString text = new(path);
        fixed (byte* p = text)
        {
            return Libc.mkdirat(Libc.AT_FDCWD, p, mode) == 0 ? Errno.None : Libc.LastErrno;
        }
    }

    private static Errno Remove(string path)
    {
        CString text = new(path);
        fixed (byte* p = text)
        {
            return Libc.unlinkat(Libc.AT_FDCWD, p, AT_REMOVEDIR) == 0 ? Errno.None : Libc.LastErrno;
        }
    }
}
