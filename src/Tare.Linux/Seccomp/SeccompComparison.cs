// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>One condition on one argument.</summary>
/// <param name="Argument">0 to 5</param>
/// <param name="Operator">unsigned, on all 64 bits unless the kernel reads only 32 of this argument</param>
/// <param name="Value">what to compare with; for MaskedEqual the mask</param>
/// <param name="Second">for MaskedEqual the value that the masked argument must have, else unused</param>
/// <remarks>runtime-spec config-linux.md#seccomp</remarks>
internal readonly record struct SeccompComparison(
    int Argument, SeccompOperator Operator, ulong Value, ulong Second = 0);
