// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access;

/// <summary>Who sent a request, and what they may do.</summary>
/// <param name="User">null when nobody said who they are</param>
/// <param name="Rights">the rights on a repository, by its name</param>
internal sealed record Caller(string? User, Func<string, Right> Rights)
{
    /// <summary>Which repositories the catalogue shows; null when there is none for this caller.</summary>
    public Func<string, bool>? Listed { get; init; }

    /// <summary>What they could do with another token; null when <see cref="Rights"/> is all there is.</summary>
    public Func<string, Right>? Obtainable { get; init; }

    public bool May(Right right, string repository) => (Rights(repository) & right) == right;
}
