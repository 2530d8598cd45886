// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Building;
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>A tar archive, plain or packed, as a folder of files in the store's scratch.</summary>
internal static class ArchiveFolder
{
    private const uint FolderMode = 0b111_101_101;

    /// <summary>Where a ustar header says what it is, and how long that header is.</summary>
    private const int MagicAt = 257;
    private const int HeaderBytes = 512;

    /// <summary>By its first bytes, as docker decides: what is packed counts when a tar is inside.</summary>
    /// <param name="file">open for reading; its position changes</param>
    /// <param name="name">for errors</param>
    /// <exception cref="TareException">NotSupported: packed in a way that is not read</exception>
    public static bool IsArchive(Fd file, string name)
    {
        Span<byte> start = stackalloc byte[HeaderBytes];
        file.Seek(0);
        int read = file.Read(start);
        if (start[..read].StartsWith("BZh"u8))
        {
            throw new TareException(
                ErrorKind.NotSupported, $"{name}: bzip2 archives are not unpacked", "pack it with gzip, xz or zstd, or use COPY");
        }

        file.Seek(0);
        try
        {
            using UnpackingStream tar = Unpacking.Open(new FdStream(file, leaveOpen: true));
            read = tar.ReadAtLeast(start, HeaderBytes, throwOnEndOfStream: false);
        }
        catch (CompressionException)
        {
            return false;
        }

        return read == HeaderBytes && start[MagicAt..].StartsWith("ustar"u8);
    }

    /// <summary>Unpacks it, with the code and bounds of layers; the caller disposes the folder.</summary>
    public static StepFolder Unpack(ImageStore store, Fd file, CancellationToken ct)
    {
        var folder = StepFolder.Make(store);
        try
        {
            file.Seek(0);
            using UnpackingStream tar = Unpacking.Open(new FdStream(file, leaveOpen: true));
            using Root into = Root.From(folder.Folder.Duplicate());
            folder.Folder.SetMode(FolderMode);
            LayerWriter.Apply(tar, into, null, LayerLimits.Default.ForCompressed(file.Status().Size), ct);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
