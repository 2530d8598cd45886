// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Mounts;

/// <summary>Takes mounts away in mount namespaces that this process is not in.</summary>
/// <remarks>
/// The place is resolved from outside by <see cref="Root"/>. A thread of its own then enters the namespace, makes three
/// system calls with what was opened before, and ends: it resolves no path, reads no file and loads nothing there.
/// </remarks>
internal static unsafe class ForeignNamespace
{
    private const int CLONE_FS = 0x200;
    private const int CLONE_NEWNS = 0x20000;

    /// <summary>Detaches a mount that <paramref name="process"/> sees; those who use it keep it until they let go.</summary>
    /// <returns>false when it is not there any more, or something else is on top of it</returns>
    public static bool TryDetach(int process, int thread, MountEntry mount)
    {
        string proc = FormattableString.Invariant($"/proc/{process}/task/{thread}");
        using Fd? root = HostPath.TryOpen($"{proc}/root", OpenFlags.Path | OpenFlags.Directory);
        using Fd? space = HostPath.TryOpen($"{proc}/ns/mnt", OpenFlags.ReadOnly);
        if (root is null || space is null)
        {
            return false;
        }

        using Root view = Root.From(root.Duplicate());
        using Fd parent = view.ResolveParent(mount.MountPoint, out ReadOnlySpan<byte> name);
        bool isThere = parent.TryStatus(name) is { } status && status.IsMountRoot && status.MountId == (ulong)mount.Id;
        if (!isThere)
        {
            return false;
        }

        Run(space, parent, name.ToArray());
        return true;
    }

    private static void Run(Fd space, Fd parent, byte[] name)
    {
        (string Call, Errno Errno) failed = ("", Errno.None);
        byte[] text = [.. name, 0];
        var thread = new Thread(() => failed = Detach(space.Raw, parent.Raw, text));
        thread.Start();
        thread.Join();
        if (failed.Errno != Errno.None)
        {
            throw new LinuxException(failed.Errno, failed.Call, CString.Show(name));
        }
    }

    private static (string Call, Errno Errno) Detach(int space, int parent, byte[] name)
    {
        // the resolver above has used this very import, so nothing has to be bound on the other side
        fixed (byte* p = name)
        {
            // a thread that shares its root and working directory with others cannot change its mount namespace
            return Libc.syscall(SystemCall.unshare, CLONE_FS, 0, 0, 0, 0, 0) != 0 ? ("unshare", Libc.LastErrno)
                : Libc.syscall(SystemCall.setns, space, CLONE_NEWNS, 0, 0, 0, 0) != 0 ? ("setns", Libc.LastErrno)
                : Libc.syscall(SystemCall.fchdir, parent, 0, 0, 0, 0, 0) != 0 ? ("fchdir", Libc.LastErrno)
                : Libc.syscall(SystemCall.umount2, (nint)p, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW, 0, 0, 0, 0) != 0
                    ? ("umount2", Libc.LastErrno)
                    : ("", Errno.None);
        }
    }
}
