// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>Which commit a ref is, as the list of a remote's refs says.</summary>
/// <remarks>gitrevisions(7) as BuildKit reads it: a branch goes before a tag of the same name.</remarks>
internal static class GitRefs
{
    private const string Peeled = "^{}";

    /// <summary>Asks the remote, unless the ref is a commit already.</summary>
    /// <param name="git">the program</param>
    /// <param name="remote">checked by who parsed it</param>
    /// <param name="name">a branch, tag, whole ref or whole commit; null: the default branch</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="TareException">NotFound: there is no such ref</exception>
    public static GitCommit Resolve(GitProgram git, string remote, string? name, CancellationToken ct)
    {
        if (name is not null && GitCommit.IsId(name))
        {
            return new GitCommit(name, null, null);
        }

        string wanted = name ?? "HEAD";
        string list = git.Run(new GitCall { Remote = remote }, ct, "ls-remote", "--", RemoteText.WithoutUser(remote), wanted, wanted + Peeled);
        return Find(list, wanted) ?? throw new TareException(
            ErrorKind.NotFound, $"{RemoteText.WithoutPassword(remote)}: repository does not contain ref {Quoted.Text(wanted)}",
            name is null ? "the repository is empty" : "name a branch, a tag, or the whole id of a commit");
    }

    /// <param name="list">lines of an id, a tab, a ref</param>
    /// <param name="wanted">as the user has it</param>
    public static GitCommit? Find(string list, string wanted)
    {
        Dictionary<string, string> refs = new(StringComparer.Ordinal);
        foreach (string line in list.Split('\n'))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0 && GitCommit.IsId(line[..tab]))
            {
                refs[line[(tab + 1)..].TrimEnd('\r')] = line[..tab];
            }
        }

        foreach (string candidate in Candidates(wanted))
        {
            if (refs.TryGetValue(candidate, out string? id))
            {
                return refs.TryGetValue(candidate + Peeled, out string? commit)
                    ? new GitCommit(commit, candidate, id)
                    : new GitCommit(id, candidate, null);
            }
        }

        return null;
    }

    private static IEnumerable<string> Candidates(string wanted) => wanted == "HEAD"
        ? ["HEAD"]
        : [Below("refs/heads/", wanted), Below("refs/tags/", wanted), Below("refs/", wanted)];

    private static string Below(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name : prefix + name;
}
