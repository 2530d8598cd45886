// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Weight of one block device.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#block-io</remarks>
internal sealed record BlockIoWeight(long Major, long Minor, ushort? Weight = null, ushort? LeafWeight = null);
