// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A registry of which an earlier, broken pull has some bytes already: those are read here, and only the rest travels.</summary>
/// <param name="inner">lent</param>
/// <param name="partials">what the earlier pull left; lent</param>
internal sealed class ResumingSource(RegistrySource inner, Partials partials) : IImageSource
{
    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) => inner.ListAsync(ct);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => inner.ResolveAsync(name, ct);

    public async Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        Fd? before = content.Kind == ContentKind.Layer ? partials.TakeBefore(content) : null;
        if (before is null)
        {
            return await inner.OpenAsync(content, ct);
        }
        try
        {
            long known = before.Status().Size;
            Stream? rest = known == content.Size ? Stream.Null : await inner.OpenBlobAsync(content, known, ct);
            if (rest is null)
            {
                before.Dispose();
                return null;
            }
            return new Joined(before, known, rest);
        }
        catch
        {
            before.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>A file up to where it ended when it was opened, then a stream. Owns both.</summary>
    private sealed class Joined(Fd file, long length, Stream rest) : ForwardStream
    {
        private readonly FileRange _first = new(file, 0, length);
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0 || buffer.IsEmpty)
            {
                return rest.Read(buffer);
            }
            int n = _first.Read(buffer);
            _left -= n;
            return n > 0 ? n : throw new TareException(ErrorKind.Corrupt, "what an earlier pull left is shorter than it was");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
                _first.Dispose();
                file.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
