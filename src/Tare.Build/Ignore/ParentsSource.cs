// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Ignore;

/// <summary>A source of <c>COPY --parents</c>: the folders behind the pivot <c>/./</c> are made in the
/// destination.</summary>
internal sealed class ParentsSource
{
    /// <param name="source">as written, expanded</param>
    public ParentsSource(string source)
    {
        int pivot = source.IndexOf("/./", StringComparison.Ordinal);
        Base = pivot < 0 ? "/" : PathText.Rooted(source[..pivot]);
        Pattern = PathText.Rooted(pivot < 0 ? source : source[(pivot + 3)..])[1..];
        Required = PathText.HasWildcards(pivot < 0 ? "" : source[..pivot]) || PathText.HasWildcards(Pattern)
            ? null
            : PathText.Rooted($"{Base}/{Pattern}");
    }

    /// <summary>The folder whose parents are not copied; it may have wildcards.</summary>
    public string Base { get; }

    /// <summary>What is taken below it, by the rules of <see cref="PatternList"/>; empty means all.</summary>
    public string Pattern { get; }

    /// <summary>The path that has to exist; null when wildcards leave it open.</summary>
    public string? Required { get; }
}
