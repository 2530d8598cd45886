// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>What happens to a system call: the word that the filter returns to the kernel.</summary>
/// <remarks>man seccomp(2), SECCOMP_RET_*: the action above, 16 bits of data below.</remarks>
internal readonly record struct SeccompVerdict(uint Word)
{
    internal static SeccompVerdict Allow => new(0x7FFF0000);

    /// <summary>Allowed, and written to the audit log.</summary>
    internal static SeccompVerdict Log => new(0x7FFC0000);

    internal static SeccompVerdict KillProcess => new(0x80000000);

    internal static SeccompVerdict KillThread => new(0);

    /// <summary>A listener in another process decides.</summary>
    internal static SeccompVerdict Notify => new(0x7FC00000);

    /// <summary>The call is made, or a tracer decides: nothing that denies what nobody thought of.</summary>
    internal bool IsPermissive => this == Allow || this == Log || (Word & 0xFFFF0000) == Trace(0).Word;

    /// <summary>SIGSYS.</summary>
    internal static SeccompVerdict Trap => new(0x00030000);

    /// <summary>The call is not made and fails with this error.</summary>
    internal static SeccompVerdict Fail(Errno errno) => Fail((int)errno);

    /// <summary>The call is not made and fails with this error number; 0 makes it succeed without being done.</summary>
    internal static SeccompVerdict Fail(int errno) =>
        errno is >= 0 and <= MaxErrno
            ? new(0x00050000 | (uint)errno)
            : throw new ArgumentOutOfRangeException(nameof(errno), errno, "an error number is 0 to 4095");

    /// <summary>The tracer is told, with this data; ENOSYS without a tracer.</summary>
    internal static SeccompVerdict Trace(ushort data) => new(0x7FF00000u | data);

    internal const int MaxErrno = 4095;
}
