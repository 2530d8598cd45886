// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>A step of a build failed.</summary>
/// <param name="kind">what class of failure</param>
/// <param name="message">the cause</param>
/// <param name="hint">what to do, or null</param>
/// <param name="inner">the exception behind it, or null</param>
internal sealed class StepFailure(ErrorKind kind, string message, string? hint, Exception? inner)
    : TareException(kind, message, hint, inner)
{
    /// <summary>For people, as progress shows it.</summary>
    public string Step { get; init; } = "";

    /// <summary>The instruction.</summary>
    public SourceRange Range { get; init; }

    /// <summary>The last lines that its process wrote.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];
}
