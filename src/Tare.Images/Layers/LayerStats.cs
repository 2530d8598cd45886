// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>What a layer turned out to hold.</summary>
/// <param name="Entries">entries of the archive, whiteouts included</param>
/// <param name="FileBytes">bytes in regular files, holes not counted</param>
/// <param name="ArchiveBytes">bytes of the uncompressed archive with all that follows its end</param>
internal readonly record struct LayerStats(long Entries, long FileBytes, long ArchiveBytes);
