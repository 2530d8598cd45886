// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux;

/// <summary>An open file descriptor with one owner.</summary>
/// <remarks>
/// Holding an Fd owns it: Dispose closes. Passing an Fd to a method lends it for the call.
/// <see cref="Take"/> gives the number away, and this object is then closed. Rooms above never see the number.
/// Not thread-safe against Dispose. All descriptors are opened close-on-exec.
/// </remarks>
internal sealed class Fd : SafeHandle
{
    internal Fd(int raw)
        : base(-1, ownsHandle: true) => SetHandle(raw);

    public override bool IsInvalid => handle == -1;

    /// <summary>The number, for system calls of this room. AT_FDCWD and other constants are never wrapped.</summary>
    internal int Raw => IsInvalid || IsClosed ? throw new ObjectDisposedException(nameof(Fd)) : (int)handle;

    /// <summary>Gives the number to somebody else, who now closes it.</summary>
    internal int Take()
    {
        int raw = Raw;
        SetHandleAsInvalid();
        return raw;
    }

    /// <summary>A second owner of the same open file description.</summary>
    public Fd Duplicate() => new(Libc.Check(Libc.fcntl(Raw, Libc.F_DUPFD_CLOEXEC, 3), "fcntl", "F_DUPFD_CLOEXEC"));

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
