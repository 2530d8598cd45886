// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Takes names from images and removes images that are then not needed, by docker's rules and in its words.</summary>
/// <remarks>
/// One deviation: an image that a stopped container still needs stays, without a name, when its removal is forced; the
/// container can be started again. Users are read inside the transaction, see <see cref="ImageStore.Has"/>.
/// </remarks>
internal sealed class Removal(ImageStore store, Func<IReadOnlyList<ImageUse>> readUses)
{
    private readonly List<RemovedItem> _done = [];

    /// <summary>What <c>rmi</c> does with one argument.</summary>
    /// <exception cref="TareException">NotFound; Conflict when it is in use or named more than once</exception>
    public IReadOnlyList<RemovedItem> Remove(string text, bool force)
    {
        Write(() =>
        {
            (List<StoredImage> images, Reference? name) = store.Lookup(text);
            StoredImage image = ImageStore.Choose(images, null) ?? throw ImageStore.NoSuchImage(text);
            Remove(new Target(image.Id, RootsOf(images, image.Id), readUses()), name, text, force);
            return true;
        });
        Collect();
        return _done;
    }

    /// <summary>What <c>image prune</c> does.</summary>
    /// <param name="all">also named images that no container needs</param>
    /// <param name="filter">which images may go</param>
    /// <returns>what was done, and the bytes of files that are gone</returns>
    public (IReadOnlyList<RemovedItem> Done, long Bytes) Prune(bool all, ImageFilter filter)
    {
        long bytes = 0;
        Write(() =>
        {
            var use = StoreUse.Read(store.Catalog);
            long before = use.Of(store.Catalog.AllImages().Select(static i => i.Manifest.Digest));
            HashSet<Digest> used = [.. readUses().Select(static u => u.Manifest)];
            HashSet<Digest> named = [.. store.Catalog.Names().Select(static n => n.Root)];
            foreach (IGrouping<Digest, StoredImage> root in store.Catalog.AllImages().GroupBy(static i => i.Root))
            {
                bool goes = (all || !named.Contains(root.Key))
                    && !root.Any(i => used.Contains(i.Manifest.Digest)) && root.All(i => filter.MatchesImage(i, store));
                if (goes)
                {
                    Delete(root.Key);
                }
            }
            bytes = before - use.Of(store.Catalog.AllImages().Select(static i => i.Manifest.Digest));
            return true;
        });
        Collect(all: true);
        return (_done, bytes);
    }

    private void Write(Func<bool> body) => Reserve.Use(store.Folder, () => store.Catalog.Write(durable: true, () =>
    {
        _done.Clear();
        return body();
    }));

    /// <summary>The roots that were meant, and nameless ones with the same image: users see one image, by its ID.</summary>
    private List<Digest> RootsOf(List<StoredImage> images, Digest id) =>
    [
        .. images.Select(static i => i.Root)
            .Concat(store.Catalog.RootsOfId(id).Where(r => store.Catalog.NamesOf(r).Count == 0))
            .Distinct(),
    ];

    private void Remove(Target target, Reference? name, string text, bool force)
    {
        List<string> names = NamesOf(target);
        bool isSingle = IsSingle(names);
        if (name is not null)
        {
            if (!force && isSingle && UseOf(target, running: null) is { } use)
            {
                throw new TareException(
                    ErrorKind.Conflict,
                    $"conflict: unable to remove repository reference \"{text}\" (must force) - container "
                    + $"{use.ShortContainer} is using its referenced image {target.ShortId}");
            }
            Untag(NameToRemove(name, names));
            if (NamesOf(target).Count > 0)
            {
                return;
            }
            if (UseOf(target, running: null) is not null)
            {
                return;
            }
        }
        else
        {
            CheckUnused(target, force, isSingle);
            names.ForEach(Untag);
            if (UseOf(target, running: null) is not null)
            {
                return;
            }
        }
        target.Roots.ForEach(Delete);
    }

    private void CheckUnused(Target target, bool force, bool isSingle)
    {
        if (UseOf(target, running: true) is { } running)
        {
            throw Conflict(target, "cannot be forced", $"image is being used by running container {running.ShortContainer}");
        }
        if (!force && !isSingle)
        {
            throw Conflict(target, "must be forced", "image is referenced in multiple repositories");
        }
        if (!force && UseOf(target, running: false) is { } stopped)
        {
            throw Conflict(target, "must be forced", $"image is being used by stopped container {stopped.ShortContainer}");
        }
    }

    private static TareException Conflict(Target target, string force, string why) =>
        new(ErrorKind.Conflict, $"conflict: unable to delete {target.ShortId} ({force}) - {why}");

    /// <summary>At most one tag, and all names in one repository.</summary>
    private static bool IsSingle(List<string> names)
    {
        List<Reference> parsed = [.. names.Select(Reference.Parse)];
        return parsed.Count(static n => n.Tag is not null) <= 1 && parsed.Select(static n => n.Name).Distinct().Count() <= 1;
    }

    private List<string> NamesOf(Target target) => [.. target.Roots.SelectMany(store.Catalog.NamesOf)];

    private ImageUse? UseOf(Target target, bool? running)
    {
        HashSet<Digest> manifests =
            [.. target.Roots.SelectMany(store.Catalog.ImagesOfRoot).Select(static i => i.Manifest.Digest)];
        return target.Uses.FirstOrDefault(u => manifests.Contains(u.Manifest) && (running is null || u.IsRunning == running));
    }

    /// <summary>The stored spelling: a tag beside a digest names the tag.</summary>
    private static string NameToRemove(Reference name, List<string> names)
    {
        string tag = name.Tag is { } t ? name.WithTag(t).ToString() : name.ToString();
        return names.Contains(tag) ? tag : names.Find(n => Reference.Parse(n).Name == name.Name) ?? tag;
    }

    private void Untag(string name)
    {
        store.Catalog.RemoveName(name);
        _done.Add(new RemovedItem(IsDeleted: false, Reference.Parse(name).Familiar));
    }

    private void Delete(Digest root)
    {
        List<StoredImage> images = store.Catalog.ImagesOfRoot(root);
        store.Catalog.NamesOf(root).ForEach(Untag);
        store.Catalog.RemoveRoot(root);
        foreach (Digest id in images.Select(static i => i.Id).Distinct().Where(i => !store.Catalog.HasId(i)))
        {
            _done.Add(new RemovedItem(IsDeleted: true, id.ToString()));
        }
    }

    private void Collect(bool all = false) =>
        _done.AddRange(new Collector(store).Collect(all).Select(static c => new RemovedItem(IsDeleted: true, c.ToString())));

    /// <summary>An image, the roots that hold it, and the containers there are.</summary>
    private sealed record Target(Digest Id, List<Digest> Roots, IReadOnlyList<ImageUse> Uses)
    {
        public string ShortId => Id.Hex[..12];
    }
}
