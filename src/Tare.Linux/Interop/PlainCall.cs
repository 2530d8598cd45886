// SPDX-License-Identifier: Apache-2.0
// syscall(2), errno(3), called plainly: the only functions that the child of the launcher may call
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tare.Linux.Interop;

/// <summary>System calls without the runtime's knowledge; native code only, the JIT refuses these methods.</summary>
/// <remarks>
/// A P/Invoke, even one with SuppressGCTransition, is followed by a GC poll. In the child of a fork nobody would
/// ever end the collection that the poll waits for. The thread stays in cooperative mode: a collection in this
/// process waits until the call returns, so nothing that blocks for long may be called this way in the parent.
/// </remarks>
internal static unsafe class PlainCall
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "syscall")]
    internal static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "__errno_location")]
    internal static extern int* errno_location();
}
