// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>Manifests of the store's images, and those of the folder beside it.</summary>
/// <remarks>A tag is looked for in the folder first: a tag that moves to an artifact is written there, and one that moves to an
/// image is removed there, and either is the one step that everybody sees.</remarks>
internal sealed class StoreManifests(
    FolderStorage side, StoreView view, StoreBlobs blobs, StoreIntake intake, Func<IReadOnlyList<ImageUse>> uses) : IManifests
{
    /// <summary>What a push counts on in the folder is not taken away by another push that is done with it.</summary>
    private readonly Lock _folder = new();

    private ManifestShelf Shelf => side.Shelf;

    public ValueTask<StoredManifest?> TryReadAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult(TryRead(repository, digest));

    public ValueTask<Digest?> TryResolveAsync(Repository repository, string tag, CancellationToken ct) =>
        ValueTask.FromResult(Shelf.TryResolve(repository, tag) ?? view.TryResolve(repository, tag));

    public async ValueTask<IReadOnlyList<Digest>> PutAsync(
        Repository repository, StoredManifest manifest, PushedDocument document, string? tag, CancellationToken ct)
    {
        IReadOnlyList<Digest> missing = Keep(repository, manifest, document);
        if (missing.Count > 0 || tag is null)
        {
            return missing;
        }

        Reference name = Reference.Parse($"{view.Names.ForPush(repository)}:{tag}");
        if (await intake.TryTakeAsync(repository, manifest, name, ct))
        {
            Shelf.TryRemoveTag(repository, tag);
            lock (_folder)
            {
                intake.RemoveTaken(repository, manifest);
            }
        }
        else
        {
            Shelf.Put(repository, manifest, document, tag);
            Forget(repository, tag);
        }

        return missing;
    }

    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        bool wasThere = Shelf.TryRemove(repository, digest);
        string[] names = view.Stores.Ask<string[]>(store => [.. view.Names.Pushed(repository)
            .SelectMany(store.Catalog.NamesIn)
            .Where(name => name.Root == digest)
            .Select(static name => name.Name)]);
        foreach (string name in names)
        {
            Remove(name);
        }

        return wasThere || names.Length > 0 ? ValueTask.FromResult(true)
            : view.Has(repository, digest) ? throw NotPushed()
            : ValueTask.FromResult(false);
    }

    public ValueTask<bool> TryRemoveTagAsync(Repository repository, string tag, CancellationToken ct)
    {
        bool wasThere = Shelf.TryRemoveTag(repository, tag);
        string[] names = Names(repository, tag);
        foreach (string name in names)
        {
            Remove(name);
        }

        return wasThere || names.Length > 0 ? ValueTask.FromResult(true)
            : view.TryResolve(repository, tag) is not null ? throw NotPushed()
            : ValueTask.FromResult(false);
    }

    public async ValueTask<IReadOnlyList<string>?> TagsAsync(Repository repository, CancellationToken ct)
    {
        IReadOnlyList<string>? beside = await Shelf.TagsAsync(repository, ct);
        List<string> tags = view.Tags(repository);
        return beside is null && tags.Count == 0 ? null : [.. tags.Union(beside ?? [])];
    }

    public async ValueTask<IEnumerable<string>> RepositoriesAsync(CancellationToken ct) =>
        (await Shelf.RepositoriesAsync(ct)).Union(view.Repositories()).Order(StringComparer.Ordinal);

    public IAsyncEnumerable<Referrer> ReferrersAsync(Repository repository, Digest subject, string after, CancellationToken ct) =>
        Shelf.ReferrersAsync(repository, subject, after, ct);

    private static RegistryFailure NotPushed() => new(
        403, "DENIED", "this image of the machine's engine was not pushed here: remove it with the engine");

    private StoredManifest? TryRead(Repository repository, Digest digest) =>
        Shelf.TryRead(repository, digest) ?? view.TryRead(repository, digest);

    private IReadOnlyList<Digest> Keep(Repository repository, StoredManifest manifest, PushedDocument document)
    {
        lock (_folder)
        {
            BringChildren(repository, document);
            return Shelf.Put(repository, manifest, document, tag: null);
        }
    }

    /// <summary>What is in the store alone gets a name in the folder too, so that the folder knows what is needed.</summary>
    private void BringChildren(Repository repository, PushedDocument document)
    {
        foreach (Descriptor child in document.Children)
        {
            if (child.Kind is not (ContentKind.Index or ContentKind.Manifest))
            {
                blobs.TryBring(repository, child.Digest);
            }
            else if (!Shelf.Has(repository, child.Digest) && view.TryRead(repository, child.Digest) is { } known)
            {
                PushedDocument inner = PushedDocument.Parse(known);
                BringChildren(repository, inner);
                Shelf.Put(repository, known, inner, tag: null);
            }
        }
    }

    private string[] Names(Repository repository, string tag) => view.Stores.Ask<string[]>(store => [.. view.Names.Pushed(repository)
        .Select(name => $"{name}:{tag}")
        .Where(name => store.Catalog.FindName(name) is not null)]);

    /// <summary>As <c>rmi</c> does: what a container needs stays, without a name.</summary>
    private void Remove(string name) => view.Stores.Ask(store =>
    {
        try
        {
            return store.Remove(name, force: true, uses);
        }
        catch (TareException e) when (e.Kind == ErrorKind.NotFound)
        {
            // somebody else removed it a moment ago
            return [];
        }
    });

    /// <summary>Takes a tag from an image, which stays without a name, as when another image is pulled by that name.</summary>
    private void Forget(Repository repository, string tag)
    {
        foreach (string name in Names(repository, tag))
        {
            view.Stores.Ask(store => store.Catalog.Write(durable: true, () =>
            {
                store.Catalog.RemoveName(name);
                return true;
            }));
        }
    }
}
