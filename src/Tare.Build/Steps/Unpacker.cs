// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>ADD: archives among the sources are taken apart, everything else is copied as it is.</summary>
/// <remarks>An archive is unpacked in a scratch folder first, by the code and bounds of layers; its files are then copied
/// like those of a folder.</remarks>
internal sealed class Unpacker(ImageStore store, TreeCopier copier, InputTree tree, CancellationToken ct) : ISelectionVisitor, IDisposable
{
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
        using Fd archive = file.OpenRead();
        using StepFolder folder = ArchiveFolder.Unpack(store, archive, ct);
        using var unpacked = new InputTree(Root.From(folder.Folder.Duplicate()), null, IsContext: false);
        copier.From(unpacked);
        new Selection(unpacked, [], copier, ct).Visit(new Graph.TransferItem(0, "/"));
        copier.From(tree);
    }

    private static bool IsArchive(in SelectedEntry file)
    {
        using Fd opened = file.OpenRead();
        return ArchiveFolder.IsArchive(opened, Encoding.UTF8.GetString(file.Name));
    }
}
