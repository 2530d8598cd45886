// SPDX-License-Identifier: Apache-2.0
// getrandom(2)
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint getrandom(void* buffer, nuint length, uint flags);
}
