// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Distance of a clock of the container from the host's.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#offset-for-time-namespace</remarks>
internal sealed record TimeOffset(long Secs = 0, uint Nanosecs = 0);
