// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Layers of the store packed in other ways, in files without names that are gone with it; each is packed once.</summary>
/// <remarks>For one thread.</remarks>
/// <param name="store">has the layers; lent</param>
internal sealed class Repacking(ImageStore store) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly Dictionary<(DiffId DiffId, LayerCompression How), Descriptor> _known = [];
    private readonly Dictionary<Digest, Fd> _files = [];

    /// <summary>The layers as they are to be packed.</summary>
    /// <param name="layers">bottom first</param>
    /// <param name="inherited">as many at the bottom are the base image's, and stay as they are unless all are to change</param>
    /// <param name="how">how they are to be packed</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="TareException">Corrupt: a layer of the store is not what its name says</exception>
    public IReadOnlyList<StoredLayer> Apply(
        IReadOnlyList<StoredLayer> layers, int inherited, LayerCompression how, CancellationToken ct) =>
        [.. layers.Select((layer, i) => (i < inherited && !how.IsForced) || how.Fits(layer.Blob)
            ? layer
            : layer with { Blob = Packed(layer, how with { IsForced = false }, ct) })];

    /// <summary>A blob that was made here; null: another one.</summary>
    public Stream? TryOpen(Descriptor blob) =>
        _files.TryGetValue(blob.Digest, out Fd? file) ? new FileRange(file, 0, blob.Size) : null;

    public void Dispose()
    {
        foreach (Fd file in _files.Values)
        {
            file.Dispose();
        }
    }

    private Descriptor Packed(StoredLayer layer, LayerCompression how, CancellationToken ct)
    {
        if (!_known.TryGetValue((layer.DiffId, how), out Descriptor? blob))
        {
            blob = Pack(layer, how, ct);
            _known.Add((layer.DiffId, how), blob);
        }

        return blob;
    }

    private Descriptor Pack(StoredLayer layer, LayerCompression how, CancellationToken ct)
    {
        using Fd stored = store.Blobs.TryOpen(layer.Blob.Digest)
            ?? throw new TareException(ErrorKind.NotFound, $"layer {layer.DiffId}: the store has no blob of it", "pull the image that it is from again");
        Fd file = store.Blobs.Create(HashAlgorithm.Sha256);
        try
        {
            using UnpackingStream from = Unpacking.Open(new FdStream(stored, leaveOpen: true));
            using var to = new FdStream(file, leaveOpen: true);
            using var sink = new HashingSink(to);
            Digest plain = CopyPacked(from, sink, how, ct);
            if (new DiffId(plain) != layer.DiffId)
            {
                throw new TareException(ErrorKind.Corrupt, $"layer {layer.DiffId}: its blob {layer.Blob.Digest} unpacks to {plain}", "tare system check");
            }

            var blob = new Descriptor(how.MediaType, sink.Finish(), sink.Count);
            if (!_files.TryAdd(blob.Digest, file))
            {
                file.Dispose();
            }

            return blob;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Answers the digest of what was read.</summary>
    private static Digest CopyPacked(UnpackingStream from, HashingSink to, LayerCompression how, CancellationToken ct)
    {
        using PackingStream? packed = how.Pack(to);
        using var tar = new HashingSink(packed is null ? to : packed);
        byte[] buffer = new byte[BufferBytes];
        for (int n; (n = from.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            tar.Write(buffer.AsSpan(0, n));
        }

        packed?.Finish();
        return tar.Finish();
    }
}
