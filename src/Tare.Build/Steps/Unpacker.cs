// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>ADD: archives among the sources are taken apart, everything else is copied as it is.</summary>
/// <remarks>An archive is unpacked in a scratch folder first, by the code and bounds of layers; its files are then copied
/// like those of a folder, but keep their modes: <c>--chmod</c> is for what is copied as it is, as with docker.</remarks>
internal sealed class Unpacker(ImageStore store, TreeCopier copier, CopyTarget target, CancellationToken ct) : ISelectionVisitor
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

    private void Unpack(in SelectedEntry file)
    {
        using Fd archive = file.OpenRead();
        using StepFolder folder = ArchiveFolder.Unpack(store, archive, ct);
        using var unpacked = new InputTree(Root.From(folder.Folder.Duplicate()), null, IsContext: false);
        using var plain = new TreeCopier(target with { Mode = null }, unpacked);
        new Selection(unpacked, [], plain, ct).Visit(new Graph.TransferItem(0, "/"));
    }

    private static bool IsArchive(in SelectedEntry file)
    {
        using Fd opened = file.OpenRead();
        return ArchiveFolder.IsArchive(opened, Encoding.UTF8.GetString(file.Name));
    }
}
