// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Cache;

/// <summary>What a step depended on when it ran, kept with its record so that a later build can say what is different.</summary>
/// <param name="Kind">RUN, COPY, WORKDIR</param>
/// <param name="Facts">the most telling first</param>
/// <param name="Files">sorted by path</param>
internal sealed record StepInputs(string Kind, IReadOnlyList<InputFact> Facts, IReadOnlyList<FileFact> Files)
{
    /// <summary>Which project's step it was: only those of one are compared by their place in the Dockerfile. Empty: nobody knows.</summary>
    public string Origin { get; init; } = "";
}
