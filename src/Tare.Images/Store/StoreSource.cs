// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>The local store as the place where images come from.</summary>
internal sealed class StoreSource(ImageStore store) : IImageSource
{
    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct)
    {
        ILookup<Digest, Reference> names = store.Catalog.Names().ToLookup(static n => n.Root, static n => Reference.Parse(n.Name));
        return Task.FromResult<IReadOnlyList<OfferedImage>>([.. store.Catalog.AllImages()
            .Select(static i => i.Root)
            .Distinct()
            .Select(root => new OfferedImage(store.Catalog.FindRoot(root)!, [.. names[root]]))]);
    }

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult(
        store.Catalog.FindName(name.ToString()) is { } root ? store.Catalog.FindRoot(root) : null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        Fd? file = store.Blobs.TryOpen(content.Digest);
        return Task.FromResult<Stream?>(file is null ? null : new FdStream(file));
    }

    public void Dispose()
    {
    }
}
