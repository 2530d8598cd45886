// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One step of how an image came to be.</summary>
/// <param name="Id">the image ID for the newest step; null for the rest, whose images are not here</param>
/// <param name="Created">null when not told</param>
/// <param name="CreatedBy">the instruction; empty when not told</param>
/// <param name="Size">bytes of the files of its layer; 0 for a step without one</param>
/// <param name="Comment">empty when not told</param>
internal sealed record HistoryRow(Digest? Id, DateTimeOffset? Created, string CreatedBy, long Size, string Comment);
