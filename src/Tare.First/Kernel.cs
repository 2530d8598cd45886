// SPDX-License-Identifier: Apache-2.0
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tare.First;

/// <summary>The one way out of a first process. man syscall(2)</summary>
internal static unsafe class Kernel
{
    /// <summary>The result, or the negated errno: -4095 to -1.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "first_call")]
    public static extern nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>Whether it is a result of a failed call.</summary>
    public static bool IsFailure(nint result) => (nuint)result > unchecked((nuint)(-4096));
}
