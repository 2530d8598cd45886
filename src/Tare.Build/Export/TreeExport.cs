// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Steps;
using Tare.Images.Building;
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Export;

/// <summary>The files of a result, without any image around them: <c>--output type=local</c> and <c>type=tar</c>.</summary>
internal static class TreeExport
{
    private const uint FolderMode = 0b111_101_101;
    private const int BufferBytes = 256 * 1024;

    /// <summary>Into a folder of the host, which is made; what is there and has another name stays. Files belong to root.</summary>
    public static void ToFolder(ImageStore store, IReadOnlyList<StoredLayer> layers, string path, CancellationToken ct)
    {
        using Root into = Root.From(HostPath.MakeDirectories(Path.GetFullPath(path), FolderMode));
        using var tree = new InputTree(StepFolder.View(store, layers), null, IsContext: false);
        using var copier = new TreeCopier(new CopyTarget(into, "/", default) { Uid = 0, Gid = 0 }, tree);
        new Selection(tree, [], copier, ct).Visit(new TransferItem(0, "/"));
    }

    /// <summary>As a tar, with the owners that the files have.</summary>
    /// <param name="store">has the layers</param>
    /// <param name="layers">bottom first</param>
    /// <param name="file">open for writing; lent</param>
    /// <param name="ct">stops it</param>
    public static void ToTar(ImageStore store, IReadOnlyList<StoredLayer> layers, Fd file, CancellationToken ct)
    {
        using Root root = StepFolder.View(store, layers);
        using var buffered = new BufferedStream(new FdStream(file, leaveOpen: true), BufferBytes);
        LayerDiff.Write(root, buffered, ct);
        buffered.Flush();
    }
}
