// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>The local store as the place where images go.</summary>
/// <remarks>
/// Crash-safe by order: data in nameless files and scratch folders → one syncfs → names → one durable transaction with
/// the tag. What a killed process leaves is either nameless, in scratch, or not referenced and so collected.
/// </remarks>
/// <param name="store">lent</param>
/// <param name="partials">makes layers that are cut off outlive the process; null: they do not</param>
internal sealed class StoreSink(ImageStore store, Partials? partials = null) : IImageSink
{
    private readonly Lease _lease = Lease.Begin(store.Folder, store.Catalog);
    private readonly List<Image> _images = [];
    private readonly Dictionary<Digest, Fd?> _loose = [];
    private readonly List<DisplacedName> _displaced = [];

    /// <summary>Something has its place, and the transaction that makes it part of an image failed.</summary>
    private bool _isHalfDone;

    /// <summary>Names that were taken from other images by the last <see cref="TagAsync"/>.</summary>
    public IReadOnlyList<DisplacedName> Displaced => _displaced;

    public Task<IImageWriter> BeginAsync(Image image, CancellationToken ct)
    {
        _lease.Add([
            Lease.Item(image.Descriptor.Digest),
            Lease.Item(image.Config.Digest),
            .. image.Layers.Select(static l => Lease.Item(l.Descriptor.Digest)),
            .. image.Layers.Select(static l => Lease.Item(l.Chain))]);
        return Task.FromResult<IImageWriter>(new StoreWriter(store, image, partials, () => _images.Add(image), () => _isHalfDone = true));
    }

    public Task<bool> HasAsync(Descriptor content, CancellationToken ct)
    {
        _lease.Add(Lease.Item(content.Digest));
        if (_loose.ContainsKey(content.Digest))
        {
            return Task.FromResult(true);
        }
        bool has = store.Blobs.Has(content.Digest);
        if (has)
        {
            _loose.Add(content.Digest, null);
        }
        return Task.FromResult(has);
    }

    public Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        Fd file = store.Blobs.Create(content.Digest.Algorithm);
        try
        {
            using var to = new FdStream(file, leaveOpen: true);
            bytes.CopyTo(to);
            _loose.Add(content.Digest, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return Task.CompletedTask;
    }

    public Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct)
    {
        _isHalfDone = true;
        PublishLoose();
        _displaced.Clear();
        store.Catalog.Write(durable: true, () =>
        {
            foreach (Image image in _images)
            {
                store.Catalog.AddImage(image);
            }
            store.Catalog.AddRoot(
                root, _images.Select(static i => i.Descriptor.Digest), _loose.Keys.Where(d => d != root.Digest), store.Now);
            foreach (Reference name in names)
            {
                string text = NameOf(name, root);
                if (store.Catalog.SetName(text, root.Digest) is { } before)
                {
                    _displaced.Add(new DisplacedName(name, ImageStore.Choose(store.Catalog.ImagesOfRoot(before), null)!.Id));
                }
            }
            store.Catalog.EndLease(_lease.Owner);
            return true;
        });
        _isHalfDone = false;
        _images.Clear();
        CloseLoose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        CloseLoose();
        _lease.Dispose();
        if (_isHalfDone)
        {
            TakeBack();
        }
    }

    /// <summary>On a full disk what no image holds is in everybody's way.</summary>
    private void TakeBack()
    {
        try
        {
            new Collector(store).Collect();
        }
        catch (Exception e) when (e is TareException or LinuxException)
        {
            // why it failed is on its way already; the next removal collects
        }
    }

    /// <summary>A tag is moved to another root by name; a digest beside it must be the root's own.</summary>
    private static string NameOf(Reference name, Descriptor root)
    {
        if (name.Digest is { } digest && digest != root.Digest)
        {
            throw new TareException(ErrorKind.Corrupt, $"{name.Familiar}: the image has the digest {root.Digest}");
        }
        return name.Tag is { } tag ? name.WithTag(tag).ToString() : name.ToString();
    }

    private void PublishLoose()
    {
        if (_loose.Values.All(static f => f is null))
        {
            return;
        }
        store.Folder.Root.SyncFileSystem();
        foreach ((Digest digest, Fd? file) in _loose)
        {
            if (file is not null)
            {
                store.Blobs.Publish(file, digest);
            }
        }
        store.SyncBlobNames(_loose.Keys);
    }

    private void CloseLoose()
    {
        foreach (Fd? file in _loose.Values)
        {
            file?.Dispose();
        }
        _loose.Clear();
    }
}
