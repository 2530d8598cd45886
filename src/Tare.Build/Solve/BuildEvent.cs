// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;

namespace Tare.Build.Solve;

/// <summary>What a build tells while it runs: a closed set.</summary>
/// <param name="Id">of the step that it is about; the same step has one id</param>
internal abstract record BuildEvent(string Id)
{
    /// <summary>A step begins.</summary>
    internal sealed record Began(string Id, string Name) : BuildEvent(Id)
    {
        /// <summary>The ids of what it begins with.</summary>
        public IReadOnlyList<string> Inputs { get; init; } = [];
    }

    /// <summary>A line of what its process writes.</summary>
    internal sealed record Said(string Id, string Line) : BuildEvent(Id);

    /// <summary>Something that is done in it.</summary>
    internal sealed record Noted(string Id, string Text) : BuildEvent(Id);

    /// <summary>Its result was there.</summary>
    internal sealed record Cached(string Id) : BuildEvent(Id);

    /// <summary>Why it ran, or why not: for <c>--explain</c>.</summary>
    internal sealed record Explained(string Id, string Reason) : BuildEvent(Id);

    /// <summary>Something about the Dockerfile is doubtful.</summary>
    internal sealed record Warned(string Id, Warning Warning) : BuildEvent(Id)
    {
        /// <summary>Where that stands.</summary>
        public required SourceText Source { get; init; }
    }

    /// <summary>It is over.</summary>
    internal sealed record Ended(string Id) : BuildEvent(Id);

    /// <summary>It failed, or with <paramref name="IsCancelled"/> another one did.</summary>
    internal sealed record Failed(string Id, string Message, bool IsCancelled) : BuildEvent(Id);
}
