// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;

namespace Tare.Build.Sources;

/// <summary>When the commit was made that a folder of this host is a working tree of.</summary>
internal static class CommitTime
{
    /// <summary>True when the folder or one above is a working tree.</summary>
    public static bool IsTree(string folder)
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (HostPath.TryStatus(Path.Combine(at, ".git")) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Seconds since 1970 of HEAD; null when there is no commit, or git cannot tell.</summary>
    /// <remarks>Only an object is read: nothing that the repository configures runs.</remarks>
    public static long? Of(GitProgram git, string folder, CancellationToken ct)
    {
        try
        {
            return Find(git.Run(new GitCall { Folder = Path.GetFullPath(folder) }, ct, "cat-file", "commit", "HEAD"));
        }
        catch (GitFailure)
        {
            return null;
        }
    }

    /// <summary>The id of HEAD; null when there is no commit, or git cannot tell.</summary>
    public static string? RevisionOf(GitProgram git, string folder, CancellationToken ct)
    {
        try
        {
            string id = git.Run(new GitCall { Folder = Path.GetFullPath(folder) }, ct, "rev-parse", "-q", "--verify", "HEAD^{commit}").Trim();
            return GitCommit.IsId(id) ? id : null;
        }
        catch (GitFailure)
        {
            return null;
        }
    }

    /// <param name="commit">the object's text</param>
    public static long? Find(string commit)
    {
        foreach (string line in commit.Split('\n').TakeWhile(static line => line.Length > 0))
        {
            string[] words = line.Split(' ');
            if (words[0] == "committer" && words.Length > 2
                && long.TryParse(words[^2], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
            {
                return seconds;
            }
        }

        return null;
    }
}
