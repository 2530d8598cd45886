// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>A bare repository of the builder's, held by this process alone.</summary>
internal sealed class GitRepository(Fd folder, FileLock held) : IDisposable
{
    private const int MaxNames = 1 << 16;
    private const string Kept = "refs/tare/";

    /// <summary>What of a remote is looked through when it does not give a commit by its id.</summary>
    private static readonly string[] Everything = ["+refs/heads/*:refs/tare-heads/*", "+refs/tags/*:refs/tare-tags/*"];

    /// <summary>On the host.</summary>
    public string Path { get; } = Encoding.UTF8.GetString(folder.HostPathNow());

    /// <summary>True when something was fetched into it before.</summary>
    public bool IsUsed => folder.TryStatus("HEAD"u8) is not null;

    /// <summary>Forgets all of it: what is needed is fetched again.</summary>
    public void Empty() => FileTree.Empty(folder);

    public void Dispose()
    {
        folder.Dispose();
        held.Dispose();
    }

    /// <summary>Fetches the commit, unless it is there.</summary>
    /// <returns>the ref that it has here</returns>
    /// <exception cref="TareException">the remote does not have it, or is not to be reached</exception>
    public string Fetch(GitProgram git, string remote, GitCommit commit, CancellationToken ct)
    {
        Prepare(git, ct);
        string name = Kept + (commit.Tag ?? commit.Id);
        if (Has(git, name, commit, ct))
        {
            return name;
        }

        foreach (string wanted in new[] { commit.Ref, commit.Tag ?? commit.Id }.OfType<string>())
        {
            if (TryFetch(git, remote, wanted, name, ct) && Has(git, name, commit, ct))
            {
                return name;
            }
        }

        return FetchAll(git, remote, commit, name, ct);
    }

    private void Prepare(GitProgram git, CancellationToken ct)
    {
        if (folder.TryStatus("HEAD"u8) is null)
        {
            git.Run(new GitCall(), ct, "init", "-q", "--bare", "--template=", "--", Path);
        }

        // a run that was killed; nobody else is at it, for the lock is ours
        folder.TryUnlink("shallow.lock"u8);
        using Fd? packs = HostPath.TryOpen(Path + "/objects/pack", OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (byte[] name in packs?.SortedNames(MaxNames) ?? [])
        {
            if (name.AsSpan().StartsWith("tmp_"u8))
            {
                packs!.TryUnlink(name);
            }
        }
    }

    private bool Has(GitProgram git, string name, GitCommit commit, CancellationToken ct)
    {
        try
        {
            return git.Run(Here, ct, "rev-parse", "-q", "--verify", name + "^{commit}").Trim() == commit.Id;
        }
        catch (GitFailure)
        {
            return false;
        }
    }

    /// <summary>False when the remote does not give this alone; what else is wrong is thrown.</summary>
    private bool TryFetch(GitProgram git, string remote, string wanted, string name, CancellationToken ct)
    {
        try
        {
            git.Run(
                Here with { Remote = remote }, ct,
                "fetch", "-q", "-f", "--no-tags", "--depth=1", "--no-recurse-submodules", "--no-write-fetch-head", "--", RemoteText.WithoutUser(remote), $"+{wanted}:{name}");
            return true;
        }
        catch (GitFailure failure) when (IsUnwilling(failure.Output))
        {
            return false;
        }
    }

    /// <summary>Of a server that gives no single commits, or no shallow histories.</summary>
    private static bool IsUnwilling(string output) =>
        output.Contains("not our ref", StringComparison.Ordinal)
        || output.Contains("unadvertised object", StringComparison.Ordinal)
        || output.Contains("does not support shallow", StringComparison.Ordinal)
        || output.Contains("dumb http", StringComparison.Ordinal)
        || output.Contains("couldn't find remote ref", StringComparison.Ordinal);

    private string FetchAll(GitProgram git, string remote, GitCommit commit, string name, CancellationToken ct)
    {
        bool isShallow = folder.TryStatus("shallow"u8) is { Size: > 0 };
        git.Run(
            Here with { Remote = remote }, ct,
            [
                "fetch", "-q", "-f", "--no-tags", .. isShallow ? ["--unshallow"] : Array.Empty<string>(), "--no-recurse-submodules",
                "--no-write-fetch-head", "--", RemoteText.WithoutUser(remote), .. Everything,
            ]);
        try
        {
            git.Run(Here, ct, "update-ref", "--", name, commit.Tag ?? commit.Id);
        }
        catch (GitFailure)
        {
            throw new TareException(
                ErrorKind.NotFound, $"{RemoteText.WithoutPassword(remote)}: no commit {commit.Id} in it");
        }

        return Has(git, name, commit, ct) ? name : throw new TareException(
            ErrorKind.Unavailable, $"{RemoteText.WithoutPassword(remote)}: commit {commit.Id} did not come", "try again: the repository may have changed meanwhile");
    }

    private GitCall Here => new() { Repository = Path, Watched = [Path] };
}
