// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>A system call interface that a process can enter the kernel by.</summary>
/// <remarks>x32 is x86_64 to the kernel (the same AUDIT_ARCH value) with bit 30 set in the number.</remarks>
internal enum SeccompArchitecture
{
    X86_64,
    I386,
    X32,
    Aarch64,
    Arm,
}
