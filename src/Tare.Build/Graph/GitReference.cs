// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Ignore;

namespace Tare.Build.Graph;

/// <summary>A git repository as contexts and ADD name it: <c>https://host/repo.git#ref:folder</c>, with options as a
/// query (<c>?branch=…&amp;subdir=…</c>).</summary>
/// <param name="Remote">what git is given</param>
/// <param name="Ref">branch, tag, commit; null for the default branch</param>
/// <param name="Folder">inside the repository, without <c>..</c>; null for all</param>
internal sealed record GitReference(string Remote, string? Ref, string? Folder)
{
    /// <summary>The commit that the ref must be, or null.</summary>
    public string? Checksum { get; init; }

    /// <summary>Null when the reference does not say.</summary>
    public bool? KeepsGitDirectory { get; init; }

    public bool HasSubmodules { get; init; } = true;

    /// <summary>Reads the reference; null when the text names no repository: over http it ends with .git.</summary>
    /// <exception cref="FormatException">it does, and something in it is malformed or could be taken for an
    /// option</exception>
    public static GitReference? TryParse(string text)
    {
        int hash = text.IndexOf('#');
        string address = hash < 0 ? text : text[..hash];
        string fragment = hash < 0 ? "" : text[(hash + 1)..];
        bool isScp = IsScp(address);
        int question = isScp ? -1 : address.IndexOf('?');
        string remote = question < 0 ? address : address[..question];
        if (!isScp && !IsUrl(remote))
        {
            return null;
        }

        int colon = fragment.IndexOf(':');
        GitReference parsed = new(
            remote,
            Named(colon < 0 ? fragment : fragment[..colon]),
            Named(colon < 0 ? "" : fragment[(colon + 1)..]));
        parsed = question < 0 ? parsed : GitQuery.Apply(parsed, address[(question + 1)..]);
        return parsed.Checked();
    }

    private static bool IsUrl(string remote)
    {
        int end = remote.IndexOf("://", StringComparison.Ordinal);
        return (end < 0 ? "" : remote[..end].ToLowerInvariant()) switch
        {
            "http" or "https" => remote.EndsWith(".git", StringComparison.Ordinal),
            "git" or "ssh" => remote.Length > end + 3,
            _ => false,
        };
    }

    /// <summary><c>user@host:path</c>, the form of ssh.</summary>
    private static bool IsScp(string address)
    {
        int at = address.IndexOf('@');
        int colon = address.IndexOf(':');
        return at > 0 && colon > at + 1 && !address.Contains("://", StringComparison.Ordinal)
            && address.AsSpan(0, at).IndexOfAnyExceptInRange('-', 'z') < 0
            && address.AsSpan(0, at).IndexOfAny("/.") < 0;
    }

    private static string? Named(string text) => text.Length == 0 ? null : text;

    private GitReference Checked()
    {
        int host = Remote.IndexOf("://", StringComparison.Ordinal);
        string authority = host < 0 ? Remote : Remote[(host + 3)..];
        authority = authority.Contains('@') ? authority[(authority.IndexOf('@') + 1)..] : authority;
        if (authority.StartsWith('-') || Remote.StartsWith('-') || Remote.Any(char.IsControl))
        {
            throw new FormatException("the host of the repository is malformed");
        }

        if (Ref is not null && (Ref.StartsWith('-') || Ref.Any(static c => char.IsControl(c) || c is ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\') || Ref.Contains("..", StringComparison.Ordinal)))
        {
            throw new FormatException("the ref of the repository is malformed");
        }

        if (Folder is null)
        {
            return this;
        }

        return Folder.Split('/').Contains("..") || Folder.Any(char.IsControl)
            ? throw new FormatException("the folder of the repository leads out of it")
            : this with { Folder = Named(PathText.Rooted(Folder)[1..]) };
    }
}
