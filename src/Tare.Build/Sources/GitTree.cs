// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Building;
using Tare.Linux.Files;

namespace Tare.Build.Sources;

/// <summary>Files of a commit, checked out in the store's scratch folder; gone with Dispose.</summary>
/// <param name="Scratch">owned</param>
/// <param name="Root">the folder of the repository that is meant; owned</param>
/// <param name="Commit">whose files they are</param>
/// <param name="Time">when the commit was made, in seconds since 1970</param>
internal sealed record GitTree(StepFolder Scratch, Root Root, GitCommit Commit, long Time) : IDisposable
{
    public void Dispose()
    {
        Root.Dispose();
        Scratch.Dispose();
    }
}
