// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Building;

/// <summary>A record and who else needs its layer.</summary>
/// <param name="Record">the record</param>
/// <param name="IsInUse">a running build or load has it</param>
/// <param name="IsShared">an image has it too: without the record nothing becomes free</param>
internal sealed record BuildRecordUse(BuildRecord Record, bool IsInUse, bool IsShared)
{
    /// <summary>Bytes of its layer, unpacked and packed.</summary>
    public long Bytes => Record.Layer is { } layer ? layer.Size + layer.Blob.Size : 0;
}
