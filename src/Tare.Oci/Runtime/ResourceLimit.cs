// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>One limit of a process.</summary>
/// <param name="Type">name as in C, such as <c>RLIMIT_NOFILE</c></param>
/// <param name="Soft">what is enforced; 2⁶⁴−1 is unlimited</param>
/// <param name="Hard">up to where the process may raise it</param>
/// <remarks>runtime-spec v1.3 config.md#posix-process; man getrlimit(2)</remarks>
internal sealed record ResourceLimit(string Type, ulong Soft, ulong Hard);
