// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Rate limit of one block device, in bytes or operations per second.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#block-io</remarks>
internal sealed record BlockIoThrottle(long Major, long Minor, ulong Rate = 0);
