// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access;

/// <summary>Who sent a request, and what they may do.</summary>
/// <param name="User">null when nobody said who they are</param>
/// <param name="Rights">the rights on a repository, by its name</param>
internal sealed record Caller(string? User, Func<string, Right> Rights)
{
    public bool May(Right right, string repository) => (Rights(repository) & right) == right;
}
