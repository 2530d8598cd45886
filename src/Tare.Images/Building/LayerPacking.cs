// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>The writable directory of a snapshot → the stored bytes of a layer, in one pass.</summary>
internal static class LayerPacking
{
    private const int BufferBytes = 256 * 1024;

    /// <param name="upper">the directory; lent; nobody writes there any more</param>
    /// <param name="file">an empty file; gets the packed bytes</param>
    /// <param name="without">paths that are left out, without a slash at their beginning; null: none</param>
    /// <param name="ct">looked at before each entry</param>
    /// <returns>the digest of the tar, and what the file holds</returns>
    public static (DiffId DiffId, Descriptor Blob) Pack(
        Root upper, Fd file, IReadOnlySet<string>? without, CancellationToken ct)
    {
        using var stored = new HashingSink(new FdStream(file, leaveOpen: true));
        using var packed = new GzipWriter(stored, leaveOpen: true);
        using var tar = new HashingSink(packed);
        using (var buffered = new BufferedStream(tar, BufferBytes))
        {
            LayerDiff.Write(upper, buffered, without, ct);
            buffered.Flush();
            packed.Finish();
            return (new DiffId(tar.Finish()), new Descriptor(MediaType.OciLayerGzip, stored.Finish(), stored.Count));
        }
    }
}
