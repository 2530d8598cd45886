// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>How many tasks may exist.</summary>
/// <param name="Limit">number of tasks; −1 is unlimited</param>
/// <remarks>runtime-spec v1.3 config-linux.md#pids</remarks>
internal sealed record PidsResources(long? Limit = null);
