// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Seccomp;

/// <summary>What the kernel knows of each architecture.</summary>
internal static class SeccompArchitectures
{
    /// <summary>The machine's own interface and those its kernel also serves: x86_64 i386 x32, or aarch64 arm.</summary>
    internal static IReadOnlyList<SeccompArchitecture> Native =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? [SeccompArchitecture.Aarch64, SeccompArchitecture.Arm]
            : [SeccompArchitecture.X86_64, SeccompArchitecture.I386, SeccompArchitecture.X32];

    /// <summary>AUDIT_ARCH_* of linux/audit.h: what the kernel gives the filter.</summary>
    internal static uint AuditValue(this SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86_64 or SeccompArchitecture.X32 => 0xC000003E,
        SeccompArchitecture.I386 => 0x40000003,
        SeccompArchitecture.Aarch64 => 0xC00000B7,
        SeccompArchitecture.Arm => 0x40000028,
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    /// <summary>True when the upper half of every argument is zero.</summary>
    internal static bool Has32BitRegisters(this SeccompArchitecture architecture) =>
        architecture is SeccompArchitecture.I386 or SeccompArchitecture.Arm;
}
