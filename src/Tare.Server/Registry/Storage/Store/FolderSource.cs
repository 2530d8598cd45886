// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>A repository of the folder as the place where an image comes from.</summary>
internal sealed class FolderSource(FolderStorage side, Repository repository) : IImageSource
{
    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<OfferedImage>>([]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) => Task.FromResult(Open(content.Digest));

    public void Dispose()
    {
    }

    private Stream? Open(Digest digest)
    {
        if (side.Shelf.TryRead(repository, digest) is { } manifest)
        {
            return new MemoryStream(manifest.Bytes.ToArray(), writable: false);
        }

        Fd? file = side.Links.TryOpen(repository, digest);
        return file is null ? null : new FdStream(file);
    }
}
