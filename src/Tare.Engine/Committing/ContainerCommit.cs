// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Committing;

/// <summary>Makes an image of a container: its own image, and what it wrote as one more layer.</summary>
/// <remarks>
/// The layer is read from the writable directory itself, not through the container's mounts: there all ids are the image's,
/// whatever they stand for on this host, and volumes, binds and the engine's own files are not in it.
/// </remarks>
internal sealed class ContainerCommit(TareEngine engine, CommitRequest request)
{
    /// <summary>Answers the image ID; the image is durable then.</summary>
    /// <exception cref="TareException">NotFound: the image of the container is gone; InvalidArgument: a change is none; Conflict</exception>
    public async Task<Digest> RunAsync(ContainerRow row, CancellationToken ct)
    {
        StoredImage image = engine.Images.FindManifest(Digest.Parse(row.Manifest))
            ?? throw new TareException(ErrorKind.NotFound, $"commit {row.Name}: its image {row.Image} is not there any more");
        ContainerRecord record = ContainerJson.ReadRecord(row);
        Scratch.Sweep(engine.Images.Folder, engine.Clock.GetUtcNow());
        using ContainerLayer layer = Pack(row, image, record, ct);
        bool isEmpty = layer.DiffId == EmptyLayer;
        ImageConfig config = CommittedConfig.Of(
            image.Config, record, request, isEmpty ? null : layer.DiffId, Timestamp.Format(engine.Clock.GetUtcNow()));
        BuiltImage built = isEmpty ? new BuiltImage(engine.Images, config, image.Layers) : layer.Describe(config, image.Layers);
        using var sink = new StoreSink(engine.Images);
        IImageSource source = isEmpty ? built : layer;
        await Copy.RunAsync(
            source, sink, new OfferedImage(built.Root, request.Name is null ? [] : [request.Name]), PlatformFilter.All, CopyLimits.Default, ct);
        return built.Config.Digest;
    }

    /// <summary>The digest of a tar without entries, as docker's engine knows it: such a layer is none.</summary>
    private static DiffId EmptyLayer { get; } = new(Digest.Of(new byte[1024]));

    private ContainerLayer Pack(ContainerRow row, StoredImage image, ContainerRecord record, CancellationToken ct)
    {
        bool pauses = request.Pauses && StatusReader.Read(engine, row).Kind == ContainerStatusKind.Running;
        if (pauses)
        {
            ContainerPause.Pause(engine, row);
        }

        try
        {
            using Fd folder = engine.Folders.OpenContainer(row.Id.Text);
            using FileRoot upper = FileRoot.From(folder.Open("upper"u8, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow));
            using FileRoot below = FileRoot.From(engine.Images.Snapshots.View(image));
            return new ContainerLayer(engine.Images, upper, MountPoints.Find(upper, below, record), ct);
        }
        catch (LinuxException changed) when (!pauses && changed.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new TareException(
                ErrorKind.Conflict, $"commit {row.Name}: its files changed while they were read: {changed.Message}", "do not say --pause=false", changed);
        }
        finally
        {
            if (pauses && StatusReader.Read(engine, row).Kind == ContainerStatusKind.Paused)
            {
                ContainerPause.Unpause(engine, row);
            }
        }
    }
}
