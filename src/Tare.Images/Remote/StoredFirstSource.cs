// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A source whose documents are taken from the store when they are there and right: they need not travel again.</summary>
/// <remarks>What is damaged there is fetched. Both are lent.</remarks>
internal sealed class StoredFirstSource(IImageSource inner, ImageStore store) : IImageSource
{
    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) => inner.ListAsync(ct);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => inner.ResolveAsync(name, ct);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        bool isDocument = content.Kind is ContentKind.Index or ContentKind.Manifest or ContentKind.Config
            && content.Size <= RegistryOptions.MaxDocumentBytes;
        if (isDocument && store.Blobs.Has(content.Digest))
        {
            byte[] bytes = store.Blobs.ReadAll(content.Digest, RegistryOptions.MaxDocumentBytes);
            if (bytes.Length == content.Size && content.Digest.Matches(bytes))
            {
                return Task.FromResult<Stream?>(new MemoryStream(bytes, writable: false));
            }
        }
        return inner.OpenAsync(content, ct);
    }

    public void Dispose()
    {
    }
}
