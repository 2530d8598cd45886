// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>What <c>--call=targets</c> shows.</summary>
internal static class TargetList
{
    /// <summary>All stages in order.</summary>
    public static IReadOnlyList<BuildTarget> Of(DockerfileDocument document) =>
        [.. document.Stages.Select(stage => new BuildTarget(
            stage.Name ?? "",
            stage.From.Head.DescriptionOf(stage.Name ?? ""),
            stage.Index == document.Stages.Count - 1,
            stage.From.Image.Text,
            stage.From.Platform?.Text ?? "",
            stage.From.Range))];
}

/// <summary>A stage that can be asked for.</summary>
/// <param name="Name">empty when it has none</param>
/// <param name="Description">from the comment above its FROM</param>
/// <param name="IsDefault">the last one, which is built when none is named</param>
/// <param name="Base">as it is written</param>
/// <param name="Platform">as it is written, or empty</param>
/// <param name="Range">its FROM</param>
internal sealed record BuildTarget(
    string Name, string Description, bool IsDefault, string Base, string Platform, SourceRange Range);
