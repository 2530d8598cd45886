// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>What <c>--call=outline</c> shows of a target: what it can be given.</summary>
/// <param name="Name">of the target stage, or empty</param>
/// <param name="Description">from the comment above its FROM</param>
/// <param name="Arguments">that the target uses, in order of lines</param>
/// <param name="Secrets">that it mounts</param>
/// <param name="Agents">that it mounts</param>
internal sealed record Outline(
    string Name,
    string Description,
    IReadOnlyList<OutlineArgument> Arguments,
    IReadOnlyList<OutlineSecret> Secrets,
    IReadOnlyList<OutlineSecret> Agents);

/// <summary>A build argument.</summary>
/// <param name="Name">as <c>--build-arg</c> has it</param>
/// <param name="Value">that it has now; null when it has none</param>
/// <param name="Description">from the comment above</param>
/// <param name="Range">where it is declared</param>
internal sealed record OutlineArgument(string Name, string? Value, string Description, SourceRange Range);

/// <summary>A secret or an SSH agent.</summary>
/// <param name="Id">as <c>--secret id=</c> or <c>--ssh</c> has it</param>
/// <param name="IsRequired">the build fails without</param>
/// <param name="Range">where it is mounted first</param>
internal sealed record OutlineSecret(string Id, bool IsRequired, SourceRange Range);
