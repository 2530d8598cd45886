// SPDX-License-Identifier: Apache-2.0
// uname(2), umask(2)
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    internal const int UTS_FIELD = 65;

    /// <summary>struct utsname: six fields of 65 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct utsname
    {
        internal fixed byte sysname[UTS_FIELD];
        internal fixed byte nodename[UTS_FIELD];
        internal fixed byte release[UTS_FIELD];
        internal fixed byte version[UTS_FIELD];
        internal fixed byte machine[UTS_FIELD];
        internal fixed byte domainname[UTS_FIELD];
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int uname(utsname* name);

    [LibraryImport("libc")]
    internal static partial uint umask(uint mask);
}
