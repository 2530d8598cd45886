// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Netlink;

/// <summary>A network namespace that is not ours.</summary>
/// <remarks>man network_namespaces(7)</remarks>
internal static class NetworkSpace
{
    private const nint CLONE_NEWNET = 0x40000000;

    /// <summary>Does something there: a thread of its own goes there for it, and ends. What it opens belongs to that namespace.</summary>
    /// <param name="space">lent: /proc/PID/ns/net</param>
    /// <param name="work">called once, on that thread</param>
    /// <exception cref="LinuxException">EINVAL: no network namespace; EPERM; what <paramref name="work"/> throws</exception>
    public static T Do<T>(Fd space, Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Libc.Check(Libc.syscall(SystemCall.setns, space.Raw, CLONE_NEWNET, 0, 0, 0, 0), "setns", "network namespace");
                result = work();
            }
            catch (LinuxException refused)
            {
                failure = ExceptionDispatchInfo.Capture(refused);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>That of a process.</summary>
    /// <param name="pid">lives, or has not been waited for</param>
    /// <exception cref="LinuxException">ENOENT: there is no such process</exception>
    public static Fd Of(int pid) => HostPath.Open($"/proc/{pid}/ns/net", OpenFlags.ReadOnly);

    /// <summary>A file is one: of /proc/PID/ns, or what such a file is mounted on.</summary>
    /// <param name="file">open in any way; lent</param>
    public static bool Is(Fd file)
    {
        const nuint NS_GET_NSTYPE = 0xb703;
        if (file.FileSystem().Type != FileSystemStatus.Namespaces)
        {
            return false;
        }

        using Fd space = file.Reopen(OpenFlags.ReadOnly);
        return Libc.ioctl(space.Raw, NS_GET_NSTYPE, 0) == CLONE_NEWNET;
    }

    /// <summary>It is the one that this process is in.</summary>
    public static bool IsOurs(Fd space)
    {
        using Fd ours = HostPath.Open("/proc/self/ns/net", OpenFlags.ReadOnly);
        return ours.Status().Inode == space.Status().Inode;
    }
}
