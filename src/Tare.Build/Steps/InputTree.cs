// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Ignore;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>A tree of files that a step reads: a context, a checkout, the file system of a stage or image.</summary>
/// <param name="Root">through which every path in it is resolved; owned</param>
/// <param name="Ignored">what of it does not exist for a build; null: nothing</param>
/// <param name="IsContext">its owners, times and the umask of who made it are the host's, and mean nothing</param>
/// <param name="Digests">known digests of its files, or null</param>
internal sealed record InputTree(Root Root, PatternList? Ignored, bool IsContext, FileDigests? Digests = null) : IDisposable
{
    public void Dispose() => Root.Dispose();

    /// <summary>The mode that a file of the tree has in an image.</summary>
    /// <remarks>Of a context only what its owner may do counts: others may read and execute what the owner may, as after a
    /// checkout with umask 022, whatever the umask was.</remarks>
    public uint ModeOf(in FileStatus status)
    {
        const uint Special = 0xE00;
        if (!IsContext)
        {
            return status.Mode;
        }

        uint owner = (status.Mode >> 6) & 7;
        uint others = owner & 5;
        return (status.Mode & Special) | (owner << 6) | (others << 3) | others;
    }
}
