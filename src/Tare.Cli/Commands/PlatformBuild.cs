// SPDX-License-Identifier: Apache-2.0
using Tare.Build;
using Tare.Build.Graph;

namespace Tare.Cli.Commands;

/// <summary>A build for one platform of those that are wanted.</summary>
/// <param name="request">what is wanted</param>
/// <param name="build">plans it</param>
internal sealed class PlatformBuild(BuildRequest request, ImageBuild build)
{
    public BuildRequest Request => request;

    public ImageBuild Build => build;

    /// <summary>Null before <see cref="Plan"/>.</summary>
    public BuildGraph? Graph { get; private set; }

    public BuildGraph Plan(CancellationToken ct) => Graph = build.PlanAsync(ct).GetAwaiter().GetResult();
}
