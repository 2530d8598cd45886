// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Check;

/// <summary>A rule of <c>--check</c>: names and meanings are those of docker build, so that skip lists work.</summary>
/// <param name="Name">as <c># check=skip=</c> has it</param>
/// <param name="Description">what it asks for</param>
/// <remarks>docs.docker.com/reference/build-checks</remarks>
internal sealed record Rule(string Name, string Description)
{
    /// <summary>Runs only when the check directive asks for it.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>The page about it.</summary>
    public string Url => "https://docs.docker.com/go/dockerfile/rule/" + string.Concat(Name.Select(Dashed)) + "/";

    private string Dashed(char c, int at)
    {
        bool beginsWord = at > 0 && char.IsAsciiLetterUpper(c)
            && (char.IsAsciiLetterLower(Name[at - 1]) || (at + 1 < Name.Length && char.IsAsciiLetterLower(Name[at + 1])));
        return (beginsWord ? "-" : "") + char.ToLowerInvariant(c);
    }
}
