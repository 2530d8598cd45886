// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>While it lives, children of this thread are born in another pid namespace.</summary>
/// <remarks>man setns(2): the thread itself stays where it is, which a process with other threads may do as well.</remarks>
internal sealed class PidNamespaceVisit : IDisposable
{
    private const nint CLONE_NEWPID = 0x20000000;

    private readonly Fd _own;

    /// <param name="inside">the namespace (/proc/PID/ns/pid), or a pidfd of a process in it; lent</param>
    /// <exception cref="LinuxException">ESRCH: the process has ended</exception>
    public PidNamespaceVisit(Fd inside)
    {
        _own = HostPath.Open("/proc/thread-self/ns/pid", OpenFlags.ReadOnly);
        try
        {
            Enter(inside);
        }
        catch
        {
            _own.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Enter(_own);
        _own.Dispose();
    }

    private static void Enter(Fd place) => Libc.Check(
        Libc.syscall(SystemCall.setns, place.Raw, CLONE_NEWPID, 0, 0, 0, 0), "setns", "pid namespace");
}
