// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;

namespace Tare.Cli.BuildProgress;

/// <summary>A way to show how a build comes along. Used by one thread at a time.</summary>
internal interface IBuildView : IDisposable
{
    void Tell(BuildEvent what);

    /// <summary>Something else writes to the terminal until <see cref="Resume"/>: nothing is shown meanwhile.</summary>
    void Pause();

    void Resume();

    /// <summary>Shows how it ended; nothing is shown afterwards.</summary>
    void Finish();
}
