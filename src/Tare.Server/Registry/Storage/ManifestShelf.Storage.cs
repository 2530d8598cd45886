// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <content>As a storage: files have no asynchronous form, so everything is done when the call returns.</content>
internal sealed partial class ManifestShelf : IManifests
{
    public ValueTask<StoredManifest?> TryReadAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult(TryRead(repository, digest));

    public ValueTask<Digest?> TryResolveAsync(Repository repository, string tag, CancellationToken ct) =>
        ValueTask.FromResult(TryResolve(repository, tag));

    public ValueTask<IReadOnlyList<Digest>> PutAsync(
        Repository repository, StoredManifest manifest, PushedDocument document, string? tag, CancellationToken ct) =>
        ValueTask.FromResult(Put(repository, manifest, document, tag));

    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult(TryRemove(repository, digest));

    public ValueTask<bool> TryRemoveTagAsync(Repository repository, string tag, CancellationToken ct) =>
        ValueTask.FromResult(TryRemoveTag(repository, tag));

    public ValueTask<IReadOnlyList<string>?> TagsAsync(Repository repository, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyList<string>?>(folder.Has(repository.Folder) ? Tags(repository) : null);

    public ValueTask<IEnumerable<string>> RepositoriesAsync(CancellationToken ct) =>
        ValueTask.FromResult(Repositories().Select(static repository => repository.Name));

    public async IAsyncEnumerable<Referrer> ReferrersAsync(
        Repository repository, Digest subject, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (string name in Referrers(repository, subject).Where(n => string.CompareOrdinal(n, after) > 0))
        {
            if (TryReadReferrer(repository, subject, name) is { } descriptor)
            {
                yield return new(name, descriptor);
            }
        }

        await ValueTask.CompletedTask;
    }
}
