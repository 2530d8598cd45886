// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Steps;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>ADD of a repository, or a context that is one: which commit it is is asked at once, its files come when somebody
/// needs them, once for a build.</summary>
internal sealed class GitFolder : IDisposable
{
    private const string Version = "tare git 1";

    private readonly GitSource _source;
    private readonly GitReference _reference;
    private readonly bool _keeps;
    private readonly Lock _gate = new();
    private GitTree? _tree;

    /// <exception cref="TareException">of <see cref="GitSource.Resolve"/></exception>
    public GitFolder(GitSource source, GitReference reference, bool keeps, string? checksum, CancellationToken ct)
    {
        (_source, _reference, _keeps) = (source, reference, keeps && reference.Folder is null);
        Commit = source.Resolve(reference, checksum, ct);
    }

    public GitCommit Commit { get; }

    /// <summary>Names the content: the commit, and what is taken of it. Where it comes from counts only when .git says so.</summary>
    public string Identity
    {
        get
        {
            using DefinitionWriter writer = new();
            writer.Add(Version);
            writer.Add(Commit.Id);
            writer.Add(_reference.Folder);
            writer.Add(_reference.HasSubmodules);
            writer.Add(_keeps);
            if (_keeps)
            {
                writer.Add(RemoteText.WithoutUser(_reference.Remote));
                writer.Add(Commit.Ref);
                writer.Add(Commit.Tag);
            }

            return "git " + writer.Id();
        }
    }

    /// <summary>The files; the caller disposes what it gets.</summary>
    public InputTree Open(CancellationToken ct) => new(Root.From(Tree(ct).Root.Fd.Duplicate()), null, IsContext: true);

    /// <summary>The checkout. Lent.</summary>
    public GitTree Tree(CancellationToken ct)
    {
        lock (_gate)
        {
            return _tree ??= _source.Checkout(_reference, Commit, _keeps, ct);
        }
    }

    public void Dispose() => _tree?.Dispose();
}
