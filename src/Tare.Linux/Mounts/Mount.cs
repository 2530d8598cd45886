// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Mounts;

/// <summary>Mounts by descriptor: a detached mount is an Fd, and gone with it unless it was attached somewhere.</summary>
/// <remarks>All of it needs CAP_SYS_ADMIN in the user namespace that owns the mount namespace.</remarks>
internal static unsafe class Mount
{
    /// <summary>A detached copy of what is mounted at (or below) an open place: a bind mount not yet in the tree.</summary>
    /// <param name="place">a directory or file, O_PATH is enough; need not be the top of a mount</param>
    /// <param name="recursive">with the mounts below it</param>
    public static Fd Clone(Fd place, bool recursive = false)
    {
        int flags = Libc.OPEN_TREE_CLONE | Libc.OPEN_TREE_CLOEXEC | Libc.AT_EMPTY_PATH
            | (recursive ? Libc.AT_RECURSIVE : 0);
        fixed (byte* empty = "\0"u8)
        {
            return new Fd(Libc.Check(Libc.open_tree(place.Raw, empty, flags), "open_tree"));
        }
    }

    /// <summary>Puts a detached mount onto an open directory or file.</summary>
    public static void Attach(Fd mount, Fd target)
    {
        const int Flags = Libc.MOVE_MOUNT_F_EMPTY_PATH | Libc.MOVE_MOUNT_T_EMPTY_PATH;
        fixed (byte* empty = "\0"u8)
        {
            Libc.Check(Libc.move_mount(mount.Raw, empty, target.Raw, empty, Flags), "move_mount");
        }
    }

    /// <summary>Changes attributes of a mount (of all below it too, when recursive).</summary>
    /// <param name="mount">detached, or an open top of a mount</param>
    /// <param name="set">switched on; one access-time bit replaces another</param>
    /// <param name="clear">switched off</param>
    /// <param name="propagation">man mount_namespaces(7)</param>
    /// <param name="recursive">all or none: the kernel changes nothing when one of them refuses</param>
    public static void SetAttributes(
        Fd mount,
        MountAttributes set,
        MountAttributes clear = MountAttributes.None,
        Propagation propagation = Propagation.Unchanged,
        bool recursive = false)
    {
        Libc.mount_attr attributes = new()
        {
            attr_set = (ulong)set,
            attr_clr = (ulong)clear | (((ulong)set & Libc.MOUNT_ATTR__ATIME) != 0 ? Libc.MOUNT_ATTR__ATIME : 0),
            propagation = (ulong)propagation,
        };
        Change(mount, attributes, recursive);
    }

    /// <summary>Shows owners through the maps of a user namespace; once per mount, while it is detached.</summary>
    public static void SetIdMap(Fd mount, Fd userNamespace, bool recursive = false)
    {
        Libc.mount_attr attributes = new()
        {
            attr_set = Libc.MOUNT_ATTR_IDMAP,
            userns_fd = (ulong)userNamespace.Raw,
        };
        Change(mount, attributes, recursive);
    }

    /// <summary>Takes the mount whose top is open off the tree, with all below it; those who use it keep it.</summary>
    public static void Detach(Fd top)
    {
        CString path = ProcPath.Of(top);
        fixed (byte* p = path)
        {
            Libc.Check(Libc.umount2(p, Libc.MNT_DETACH), "umount2");
        }
    }

    /// <summary>As <see cref="Detach(Fd)"/> by a path of the host; false when nothing is mounted there (EINVAL, ENOENT).</summary>
    public static bool TryDetach(string hostPath)
    {
        CString path = new(hostPath);
        fixed (byte* p = path)
        {
            return Libc.umount2(p, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW) == 0
                || (Libc.LastErrno is Errno.EINVAL or Errno.ENOENT
                    ? false
                    : throw new LinuxException(Libc.LastErrno, "umount2", hostPath));
        }
    }

    private static void Change(Fd mount, Libc.mount_attr attributes, bool recursive)
    {
        int flags = Libc.AT_EMPTY_PATH | (recursive ? Libc.AT_RECURSIVE : 0);
        fixed (byte* empty = "\0"u8)
        {
            Libc.Check(Libc.mount_setattr(mount.Raw, empty, flags, &attributes), "mount_setattr");
        }
    }
}
