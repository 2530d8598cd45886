// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Build.Cache;

/// <summary>A file that a step takes, as it counts in the step's key.</summary>
/// <param name="Path">from the root of its tree</param>
/// <param name="Kind">a folder of <see cref="IsSummary"/> stands for all that is in it</param>
/// <param name="Mode">0 for a link</param>
/// <param name="Uid">0 in a context</param>
/// <param name="Gid">0 in a context</param>
/// <param name="Content">the first bytes of the digest of what it holds; 0 for a folder</param>
/// <param name="Attributes">a hash of its extended attributes; 0: it has none</param>
internal readonly record struct FileFact(string Path, FileKind Kind, uint Mode, uint Uid, uint Gid, ulong Content, uint Attributes)
{
    /// <summary>There were too many files to keep each: this folder's content counts as a whole.</summary>
    public bool IsSummary { get; init; }
}
