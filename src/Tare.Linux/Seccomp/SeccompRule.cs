// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>What to do with some system calls, always or when their arguments meet conditions.</summary>
/// <param name="Names">names that no architecture of the filter has are passed over</param>
/// <param name="Verdict">what happens to these calls</param>
/// <param name="Arguments">
/// empty: always. Otherwise all must hold; but when one argument appears twice, every condition is an alternative
/// of its own, as runc and crun read it.
/// </param>
/// <remarks>runtime-spec config-linux.md#seccomp</remarks>
internal sealed record SeccompRule(
    IReadOnlyList<string> Names, SeccompVerdict Verdict, IReadOnlyList<SeccompComparison> Arguments);
