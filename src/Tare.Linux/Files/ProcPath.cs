// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary><c>/proc/thread-self/fd/N</c> of an open file, for calls that know no other way to name an O_PATH fd.</summary>
/// <remarks>
/// The magic link leads to exactly the inode that the fd pins. What must not happen is that /proc is something else
/// than the kernel's procfs, so its folder is opened and its file system checked before each path is handed out.
/// Used only in the host's mount namespace, where nobody but the host's root can mount over /proc.
/// </remarks>
internal static unsafe class ProcPath
{
    private const long PROC_SUPER_MAGIC = 0x9fa0;

    /// <summary>Valid while <paramref name="fd"/> is open, on this thread.</summary>
    internal static CString Of(Fd fd) => new(Encoding.ASCII.GetBytes(Folder() + fd.Raw));

    /// <summary>The path of <paramref name="name"/> inside an open directory; for socket addresses, which know no dirfd.</summary>
    internal static byte[] In(Fd directory, ReadOnlySpan<byte> name) =>
        [.. Encoding.ASCII.GetBytes($"{Folder()}{directory.Raw}/"), .. name];

    /// <summary>The same for another process of this user, while this one has the directory open.</summary>
    internal static byte[] ForChildren(Fd directory, ReadOnlySpan<byte> name) =>
        [.. Encoding.ASCII.GetBytes($"/proc/{Environment.ProcessId}/fd/{directory.Raw}/"), .. name];

    private static string Folder()
    {
        // thread-self: the descriptor table of this very thread, also in a process whose first thread is gone
        fixed (byte* folder = "/proc/thread-self/fd\0"u8)
        {
            using Fd proc = new(Libc.Check(
                Libc.openat(Libc.AT_FDCWD, folder, (OpenFlags.Path | OpenFlags.Directory).ToNative(), 0),
                "open", "/proc/thread-self/fd"));
            Libc.statfs_t status;
            Libc.Check(Libc.fstatfs(proc.Raw, &status), "fstatfs", "/proc");
            return status.f_type == PROC_SUPER_MAGIC
                ? "/proc/thread-self/fd/"
                : throw new LinuxException(Errno.EXDEV, "verify procfs", "/proc");
        }
    }
}
