// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Block I/O scheduling of a process.</summary>
/// <param name="Class">name as in C, such as <c>IOPRIO_CLASS_BE</c></param>
/// <param name="Priority">0 (highest) to 7</param>
/// <remarks>runtime-spec v1.3 config.md#linux-process; man ioprio_set(2)</remarks>
internal sealed record IoPriority(string Class, int Priority = 0);
