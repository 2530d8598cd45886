// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Sources;

/// <summary>One working tree of a commit.</summary>
/// <param name="git">the program</param>
/// <param name="repository">path of the bare repository that has the commit</param>
/// <param name="tree">path of an empty folder</param>
/// <param name="reference">where it comes from</param>
/// <param name="commit">what is wanted</param>
/// <param name="name">its ref in the bare repository</param>
internal sealed class GitCheckout(
    GitProgram git, string repository, string tree, GitReference reference, GitCommit commit, string name)
{
    private const int MaxDepth = 256;
    private const int MaxNames = 1 << 20;

    /// <param name="keeps">.git stays</param>
    /// <param name="ct">stops it</param>
    public void Run(bool keeps, CancellationToken ct)
    {
        if (keeps)
        {
            Clone(ct);
            UpdateSubmodules(ct);
            Tidy(ct);
            return;
        }

        // an index of its own: the bare repository stays as it is
        git.Run(
            new GitCall { Repository = repository, Tree = tree, Index = tree + ".index", Folder = tree, Watched = [tree] }, ct,
            "read-tree", "--reset", "-u", commit.Id);
        if (HasSubmodules)
        {
            // submodules keep their repositories in that of the whole, so it needs one of its own
            Clone(ct);
            UpdateSubmodules(ct);
            using Fd top = HostPath.OpenDirectory(tree);
            RemoveGit(top, 0);
        }
    }

    /// <summary>A repository in the tree with this one commit, as BuildKit makes it.</summary>
    private void Clone(CancellationToken ct)
    {
        string wanted = commit.Tag is not null && commit.Ref is { } tag ? $"{name}:{tag}"
            : commit.Ref is { } branch && branch != "HEAD" ? $"{name}:{branch}"
            : $"{name}:refs/tare/{commit.Id}";
        git.Run(new GitCall { Folder = tree }, ct, "init", "-q", "--template=", "--", ".");
        git.Run(Here, ct, "remote", "add", "origin", RemoteText.WithoutUser(reference.Remote));
        git.Run(
            Here with { ReadsLocal = true, Remote = null }, ct,
            "fetch", "-q", "-u", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", repository, wanted);
        git.Run(Here, ct, "checkout", "-q", "-f", "--detach", "FETCH_HEAD", "--");
    }

    private void UpdateSubmodules(CancellationToken ct)
    {
        if (HasSubmodules)
        {
            git.Run(new GitCall { Folder = tree, Remote = reference.Remote, Watched = [tree] }, ct, "submodule", "-q", "update", "--init", "--recursive", "--depth=1");
        }
    }

    /// <summary>Takes out of .git what depends on the moment: logs, and times in the index.</summary>
    private void Tidy(CancellationToken ct)
    {
        git.Run(Here, ct, "reflog", "expire", "--all", "--expire=now");

        // emptied first: entries that are the same would keep the times that they have
        git.Run(Here, ct, "read-tree", "--empty");
        git.Run(Here, ct, "read-tree", "HEAD");
        if (HasSubmodules)
        {
            git.Run(
                new GitCall { Folder = tree }, ct,
                "submodule", "-q", "foreach", "-q", "--recursive", "git reflog expire --all --expire=now && git read-tree --empty && git read-tree HEAD");
        }

        using Fd own = HostPath.OpenDirectory(tree + "/.git");
        own.TryUnlink("FETCH_HEAD"u8);
        own.TryUnlink("ORIG_HEAD"u8);
    }

    /// <summary>.git of the whole and of every submodule: a folder, or a file that names one.</summary>
    private static void RemoveGit(Fd folder, int depth)
    {
        FileTree.Remove(folder, ".git"u8);
        foreach (byte[] below in folder.SortedNames(MaxNames))
        {
            if (depth < MaxDepth && folder.Status(below).IsDirectory)
            {
                using Fd child = folder.Open(below, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
                RemoveGit(child, depth + 1);
            }
        }
    }

    private bool HasSubmodules => reference.HasSubmodules && HostPath.TryStatus(tree + "/.gitmodules") is not null;

    private GitCall Here => new() { Repository = tree + "/.git", Tree = tree, Folder = tree, Watched = [tree] };
}
