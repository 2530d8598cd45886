// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Build.Graph;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>Files of git repositories: contexts, and sources of ADD.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class GitSource(SourceSettings settings)
{
    private readonly GitProgram _git = new(settings);

    /// <summary>The commit that is meant; asks the remote unless it is named by its id.</summary>
    /// <param name="reference">what the user wrote</param>
    /// <param name="checksum">the commit or tag that it has to be, or null</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="TareException">NotFound; Corrupt: it is another commit; Unavailable; Unauthenticated</exception>
    public GitCommit Resolve(GitReference reference, string? checksum, CancellationToken ct)
    {
        GitCommit commit = GitRefs.Resolve(_git, reference.Remote, reference.Ref, ct);
        return checksum is null || commit.Fits(checksum) ? commit : throw new TareException(
            ErrorKind.Corrupt, $"{RemoteText.WithoutPassword(reference.Remote)}: expected checksum to match {checksum}, got {commit.Id}");
    }

    /// <summary>Checks the commit out; the caller disposes.</summary>
    /// <param name="reference">what the user wrote</param>
    /// <param name="commit">of <see cref="Resolve"/></param>
    /// <param name="keeps">.git stays, unless a folder of the repository is wanted</param>
    /// <param name="ct">stops it</param>
    public GitTree Checkout(GitReference reference, GitCommit commit, bool keeps, CancellationToken ct)
    {
        using GitRepository repository = GitRepositories.Take(settings.Folder, reference.Remote);
        bool isUsed = repository.IsUsed;
        try
        {
            return Checkout(repository, reference, commit, keeps, ct);
        }
        catch (GitFailure failure) when (failure.IsDamage)
        {
            repository.Empty();
            return Checkout(repository, reference, commit, keeps, ct);
        }
        catch (TareException failure) when (failure.Kind == ErrorKind.ResourceExhausted)
        {
            // what it kept from before counts too; only what is too much by itself is refused
            repository.Empty();
            return isUsed ? Again(repository, reference, commit, keeps, ct) : throw new TareException(failure.Kind, failure.Message, failure.Hint, failure);
        }
    }

    private GitTree Again(GitRepository repository, GitReference reference, GitCommit commit, bool keeps, CancellationToken ct)
    {
        try
        {
            return Checkout(repository, reference, commit, keeps, ct);
        }
        catch (TareException failure) when (failure.Kind == ErrorKind.ResourceExhausted)
        {
            repository.Empty();
            throw;
        }
    }

    private GitTree Checkout(GitRepository repository, GitReference reference, GitCommit commit, bool keeps, CancellationToken ct)
    {
        string name = repository.Fetch(_git, reference.Remote, commit, ct);
        var scratch = StepFolder.Make(settings.Store);
        try
        {
            scratch.Folder.MakeDirectory("tree"u8, 0b111_101_101);
            string tree = Encoding.UTF8.GetString(scratch.Folder.HostPathNow()) + "/tree";
            var checkout = new GitCheckout(_git, repository.Path, tree, reference, commit, name);
            checkout.Run(keeps && reference.Folder is null, ct);
            string time = _git.Run(new GitCall { Repository = repository.Path }, ct, "show", "-s", "--no-patch", "--format=%ct", commit.Id, "--");
            return new GitTree(scratch, FolderOf(scratch, reference), commit, long.Parse(time.Trim(), CultureInfo.InvariantCulture));
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    private static Root FolderOf(StepFolder scratch, GitReference reference)
    {
        var whole = Root.From(scratch.Folder.Open("tree"u8, OpenFlags.ReadOnly | OpenFlags.Directory));
        if (reference.Folder is null)
        {
            return whole;
        }

        using (whole)
        {
            Fd? folder = whole.TryResolve(Encoding.UTF8.GetBytes(reference.Folder), OpenFlags.ReadOnly | OpenFlags.Directory);
            return folder is not null ? Root.From(folder) : throw new TareException(
                ErrorKind.NotFound, $"{RemoteText.WithoutPassword(reference.Remote)}: no folder {Quoted.Text(reference.Folder)} in the repository");
        }
    }
}
