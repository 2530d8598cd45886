// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A condition on one argument of a system call.</summary>
/// <param name="Index">0 to 5</param>
/// <param name="Value">what it is compared with, or the mask</param>
/// <param name="Op">how</param>
/// <param name="ValueTwo">what the masked argument is compared with</param>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
internal sealed record SyscallArgument(uint Index, ulong Value, SeccompOperator Op, ulong ValueTwo = 0);
