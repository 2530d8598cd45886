// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>A stage with its FROM understood: what it starts from.</summary>
/// <param name="Stage">the stage</param>
/// <param name="Base">where its file system comes from</param>
/// <param name="Platform">of its FROM; null means that of the stage that it starts from, or the target's</param>
internal sealed record StagePlan(Stage Stage, StageBase Base, Platform? Platform)
{
    /// <summary>As progress shows it.</summary>
    public string Title => Stage.Name ?? $"stage-{Stage.Index}";
}

/// <summary>Where files come from: of FROM, <c>--from</c> and <c>from=</c>. A closed set.</summary>
internal abstract record StageBase
{
    /// <summary>The empty file system.</summary>
    internal sealed record Scratch : StageBase;

    /// <summary>Another stage.</summary>
    internal sealed record Earlier(int Index) : StageBase;

    /// <summary>An image.</summary>
    internal sealed record FromImage(BaseRequest Request) : StageBase;

    /// <summary>A named context that is no image.</summary>
    internal sealed record FromContext(string Name, string Location) : StageBase;
}
