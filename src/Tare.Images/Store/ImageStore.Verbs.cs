// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Import;
using Tare.Oci;

namespace Tare.Images.Store;

/// <content>What the verbs of the command line do, as values.</content>
internal sealed partial class ImageStore
{
    /// <summary>The images, newest first; one row for each name, and one for each image without a name.</summary>
    /// <remarks>The same image under a second, nameless manifest (loaded from another kind of archive) has no row.</remarks>
    /// <exception cref="TareException">NotFound for an image that the filter names</exception>
    public IReadOnlyList<ImageRow> List(ImageFilter filter)
    {
        ILookup<Digest, Reference> names = Catalog.Names().ToLookup(static n => n.Root, static n => Reference.Parse(n.Name));
        List<ImageRow> rows = [];
        bool readsImage = filter.Labels.Count > 0 || (filter.Before ?? filter.Since) is not null || filter.Until is not null;
        List<StoredImage> all = Catalog.AllImages();
        HashSet<Digest> named = [.. all.Where(i => names.Contains(i.Root)).Select(static i => i.Id)];
        foreach (IGrouping<Digest, StoredImage> root in all.GroupBy(static i => i.Root))
        {
            StoredImage image = Choose([.. root], null)!;
            bool isOtherWrapping = !names.Contains(root.Key) && named.Contains(image.Id);
            if (isOtherWrapping)
            {
                continue;
            }
            if (readsImage && !filter.MatchesImage(image, this))
            {
                continue;
            }
            rows.AddRange(Shown([.. names[root.Key]]).Where(filter.MatchesName).Select(n => new ImageRow(
                n, image.Id, image.Root, image.Platform, image.Created, image.Size,
                new(() => image.Config.Config.Labels ?? new Dictionary<string, string>()))));
        }
        return [.. rows.OrderByDescending(static r => r.Created ?? DateTimeOffset.MinValue)];
    }

    /// <summary>Tags; without one the first name by digest, without any name a line for the image itself.</summary>
    private static Reference?[] Shown(IReadOnlyList<Reference> names)
    {
        Reference?[] tagged = [.. names.Where(static n => n.Tag is not null)];
        return tagged.Length > 0 ? tagged : [names.Count > 0 ? names[0] : null];
    }

    /// <summary>How an image came to be, newest step first.</summary>
    /// <exception cref="TareException">NotFound</exception>
    public IReadOnlyList<HistoryRow> History(string text)
    {
        StoredImage image = Get(text);
        List<HistoryRow> rows = [];
        int layer = 0;
        foreach (History step in image.Config.History)
        {
            long size = step.EmptyLayer || layer == image.Layers.Count ? 0 : image.Layers[layer++].Size;
            rows.Add(new HistoryRow(null, Timestamp.Parse(step.Created), step.CreatedBy ?? "", size, step.Comment ?? ""));
        }
        for (; layer < image.Layers.Count; layer++)
        {
            rows.Add(new HistoryRow(null, image.Created, "", image.Layers[layer].Size, ""));
        }
        if (rows.Count > 0)
        {
            rows[^1] = rows[^1] with { Id = image.Id };
        }
        rows.Reverse();
        return rows;
    }

    /// <summary>All that is known about an image, in docker's shape; <see cref="InspectedImage"/> writes itself as JSON.</summary>
    /// <exception cref="TareException">NotFound</exception>
    public InspectedImage Inspect(string text, Platform? platform = null)
    {
        StoredImage image = Get(text, platform);
        return InspectedImage.Of(image, [.. Catalog.NamesOf(image.Root).Select(Reference.Parse)]);
    }

    /// <summary>Gives what <paramref name="source"/> means one more name, taking the name from another image if need be.</summary>
    /// <exception cref="TareException">NotFound; InvalidArgument for a name with a digest</exception>
    public void Tag(string source, Reference target)
    {
        if (target.Digest is not null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "refusing to create a tag with a digest reference");
        }
        Catalog.Write(durable: true, () => Catalog.SetName(target.ToString(), Get(source).Root));
    }

    /// <summary>What <c>rmi</c> does with one argument; see <see cref="Removal"/>.</summary>
    /// <param name="text">a name, an ID, a short ID or a digest</param>
    /// <param name="force">also when it is named more than once or a stopped container needs it</param>
    /// <param name="readUses">asked inside the transaction for the containers there are</param>
    public IReadOnlyList<RemovedItem> Remove(string text, bool force, Func<IReadOnlyList<ImageUse>> readUses) =>
        new Removal(this, readUses).Remove(text, force);

    /// <summary>What the images keep on the disk, and the manifests of each image ID.</summary>
    public (StoreUse Use, ILookup<Digest, Digest> Manifests) Use() => (
        StoreUse.Read(Catalog),
        Catalog.AllImages().DistinctBy(static image => image.Manifest.Digest).ToLookup(static image => image.Id, static image => image.Manifest.Digest));

    /// <summary>Removes images that nobody needs: without a name, or with <paramref name="all"/> without a container.</summary>
    public (IReadOnlyList<RemovedItem> Done, long Bytes) Prune(
        bool all, ImageFilter filter, Func<IReadOnlyList<ImageUse>> readUses) =>
        new Removal(this, readUses).Prune(all, filter);

    /// <summary>Loads all images of an archive, whatever its format and compression.</summary>
    /// <param name="archive">a file, or a stream that is only read forward</param>
    /// <param name="platform">which image of each index; null for all that are there</param>
    /// <param name="ct">stops between buffers; what is not acknowledged leaves nothing visible</param>
    /// <returns>what each became, in the order of the archive; each is durable when it is yielded</returns>
    /// <exception cref="TareException">Corrupt, ResourceExhausted, NotSupported; the message names the object</exception>
    public IAsyncEnumerable<LoadedImage> LoadAsync(ArchiveInput archive, Platform? platform, CancellationToken ct) =>
        new Loading(this, platform).RunAsync(archive, ct);

    /// <summary>Writes images as one archive that docker, podman and skopeo read: an OCI layout with docker's manifest.json.</summary>
    /// <param name="names">names, IDs or repositories (all tags); each must be here</param>
    /// <param name="platform">which image of each index; null for all that are here</param>
    /// <param name="output">lent; only written forward</param>
    /// <param name="ct">stops between buffers</param>
    public Task SaveAsync(IReadOnlyList<string> names, Platform? platform, Stream output, CancellationToken ct) =>
        new Saving(this, platform).RunAsync(names, output, ct);

    /// <summary>Makes an image of one layer from a tar; answers its ID.</summary>
    public Task<Digest> ImportAsync(ImportRequest request, CancellationToken ct) => new Importing(this).RunAsync(request, ct);
}
