// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Building;
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>ADD: archives among the sources are taken apart, everything else is copied as it is.</summary>
/// <remarks>An archive is unpacked in a scratch folder first, by the code and bounds of layers; its files are then copied
/// like those of a folder.</remarks>
internal sealed class Unpacker(ImageStore store, TreeCopier copier, InputTree tree, CancellationToken ct) : ISelectionVisitor, IDisposable
{
    private const uint FolderMode = 0b111_101_101;

    /// <summary>Where a ustar header says what it is, and how long that header is.</summary>
    private const int MagicAt = 257;
    private const int HeaderBytes = 512;

    private byte[] _name = [];
    private bool _isFolder;

    public void BeginSource(byte[] name, bool isFolder)
    {
        (_name, _isFolder) = (name, isFolder);
        if (isFolder)
        {
            copier.BeginSource(name, isFolder);
        }
    }

    public void EnterFolder(in SelectedEntry folder) => copier.EnterFolder(folder);

    public void LeaveFolder() => copier.LeaveFolder();

    public void File(in SelectedEntry file)
    {
        if (_isFolder || !file.Status.IsRegular || !IsArchive(file))
        {
            if (!_isFolder)
            {
                copier.BeginSource(_name, isFolder: false);
            }

            copier.File(file);
            return;
        }

        Unpack(file);
    }

    public void Dispose()
    {
    }

    private void Unpack(in SelectedEntry file)
    {
        using var folder = StepFolder.Make(store);
        using (Fd archive = file.OpenRead())
        using (UnpackingStream tar = Unpacking.Open(new FdStream(archive, leaveOpen: true)))
        using (Root into = Root.From(folder.Folder.Duplicate()))
        {
            folder.Folder.SetMode(FolderMode);
            LayerWriter.Apply(tar, into, null, LayerLimits.Default.ForCompressed(file.Status.Size), ct);
        }

        InputTree unpacked = new(Root.From(folder.Folder.Duplicate()), null, IsContext: false);
        using (unpacked)
        {
            copier.From(unpacked);
            new Selection(unpacked, [], copier, ct).Visit(new Graph.TransferItem(0, "/"));
            copier.From(tree);
        }
    }

    /// <summary>By its first bytes, as docker decides: what is packed counts when a tar is inside.</summary>
    private static bool IsArchive(in SelectedEntry file)
    {
        using Fd opened = file.OpenRead();
        Span<byte> start = stackalloc byte[HeaderBytes];
        int read = opened.Read(start);
        if (start[..read].StartsWith("BZh"u8))
        {
            throw new TareException(
                ErrorKind.NotSupported, $"{Encoding.UTF8.GetString(file.Name)}: bzip2 archives are not unpacked", "pack it with gzip, xz or zstd, or use COPY");
        }

        opened.Seek(0);
        try
        {
            using UnpackingStream tar = Unpacking.Open(new FdStream(opened, leaveOpen: true));
            read = tar.ReadAtLeast(start, HeaderBytes, throwOnEndOfStream: false);
        }
        catch (CompressionException)
        {
            return false;
        }

        return read == HeaderBytes && start[MagicAt..].StartsWith("ustar"u8);
    }
}
