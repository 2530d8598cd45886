// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>As whom this thread makes files, with all its rights kept, until it is disposed.</summary>
/// <remarks>
/// Where owners are shown through a map (<see cref="MappedUsers"/>), the host's root is nobody: what it makes there is
/// EOVERFLOW, and an overlay that it mounts cannot make its own files. Dispose on the thread that made it.
/// man setfsuid(2); man capabilities(7), SECBIT_NO_SETUID_FIXUP
/// </remarks>
internal sealed class FileSystemUser : IDisposable
{
    private const int PR_GET_SECUREBITS = 27;
    private const int PR_SET_SECUREBITS = 28;
    private const nuint SECBIT_NO_SETUID_FIXUP = 4;
    private const nint Ask = -1;

    private readonly nuint _bits;
    private readonly nint _group;
    private readonly nint _user;

    private FileSystemUser(nuint bits, nint group, nint user) => (_bits, _group, _user) = (bits, group, user);

    /// <param name="uid">in ids of the host</param>
    /// <param name="gid">as <paramref name="uid"/></param>
    /// <exception cref="LinuxException">EPERM: this process is not root; nothing has changed</exception>
    public static FileSystemUser Be(uint uid, uint gid)
    {
        nuint bits = (nuint)Libc.Check(Libc.prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), "prctl", "PR_GET_SECUREBITS");
        Libc.Check(Libc.prctl(PR_SET_SECUREBITS, bits | SECBIT_NO_SETUID_FIXUP, 0, 0, 0), "prctl", "PR_SET_SECUREBITS");
        var user = new FileSystemUser(bits, Set(SystemCall.setfsgid, (nint)gid), Set(SystemCall.setfsuid, (nint)uid));

        // they answer what was before, whatever happens
        if (Set(SystemCall.setfsuid, Ask) != (nint)uid || Set(SystemCall.setfsgid, Ask) != (nint)gid)
        {
            user.Dispose();
            throw new LinuxException(Errno.EPERM, "setfsuid", FormattableString.Invariant($"{uid}:{gid}"));
        }

        return user;
    }

    public void Dispose()
    {
        Set(SystemCall.setfsuid, _user);
        Set(SystemCall.setfsgid, _group);
        _ = Libc.prctl(PR_SET_SECUREBITS, _bits, 0, 0, 0);
    }

    private static nint Set(int call, nint id) => (nint)(uint)Libc.syscall(call, id, 0, 0, 0, 0, 0);
}
