// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Images.Layers;
using Tare.Images.Snapshots;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Committing;

/// <summary>Writes all files of a container as a tar: those of its image, changed as it changed them; ids are the image's.
/// Volumes and binds are not in it, as with docker.</summary>
internal static class ContainerExport
{
    private const int BufferBytes = 256 * 1024;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;

    /// <param name="engine">whose container</param>
    /// <param name="row">which; it may run</param>
    /// <param name="output">gets the tar; lent</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="TareException">NotFound: the image of the container is gone</exception>
    public static void Run(TareEngine engine, ContainerRow row, Stream output, CancellationToken ct)
    {
        StoredImage image = engine.Images.FindManifest(Digest.Parse(row.Manifest))
            ?? throw new TareException(ErrorKind.NotFound, $"export {row.Name}: its image {row.Image} is not there any more");
        List<Fd> trees = [];
        try
        {
            using (Fd folder = engine.Folders.OpenContainer(row.Id.Text))
            {
                trees.Add(folder.Open("upper"u8, Folder));
            }

            trees.AddRange(image.Layers.Reverse().Select(layer => engine.Images.Layers.Open(layer.Chain)));
            using FileRoot view = FileRoot.From(LayerView.Mount(trees, engine.Images.Folder.Empty));
            using var buffered = new BufferedStream(output, BufferBytes);
            LayerDiff.Write(view, buffered, ct);
            buffered.Flush();
        }
        finally
        {
            trees.ForEach(static tree => tree.Dispose());
        }
    }
}
