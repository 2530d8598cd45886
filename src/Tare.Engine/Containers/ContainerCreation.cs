// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>Makes a container out of an image and what was asked; whatever fails, nothing of it stays.</summary>
/// <remarks>
/// In this order: operation, folder and volumes, root file system, spec, record. The operation comes first, so that
/// whoever finds leftovers finds whose they are; the record, which makes the name visible, comes last.
/// </remarks>
internal sealed class ContainerCreation(TareEngine engine, RunRequest request)
{
    private readonly ContainerId _id = ContainerId.Create();

    /// <param name="startsAt">when it is started right after: the record then says so from the beginning; else null</param>
    /// <exception cref="TareException">what was asked cannot be had; the message says what and why</exception>
    public CreatedContainer Create(DateTimeOffset? startsAt)
    {
        StoredImage image = ImageChoice.Find(engine.Images, request);
        Operation operation = Operation.Begin(engine.Folders, _id.Text);
        var undo = new Undo();
        Fd? rootfs = null;
        try
        {
            undo.Add(() => engine.Folders.RemoveContainer(_id.Text));
            using Fd folder = engine.Folders.MakeContainer(_id.Text);
            undo.Add(() => engine.Volumes.RemoveAnonymous(_id));
            rootfs = engine.Images.Snapshots.Prepare(folder, image, isVolatile: request.AutoRemove);
            return Record(image, rootfs, startsAt, undo, operation);
        }
        catch
        {
            rootfs?.Dispose();
            if (!undo.TakeBack())
            {
                operation.LeaveToNext();
            }

            operation.Complete();
            throw;
        }
    }

    private CreatedContainer Record(
        StoredImage image, Fd rootfs, DateTimeOffset? startsAt, Undo undo, Operation operation)
    {
        RunConfig config = image.Config.Config ?? new RunConfig();
        RunRequest settled = request with { SecurityOptions = SecurityChoice.Inline(request.SecurityOptions) };
        ResolvedMounts mounts = ResolvedMounts.Resolve(engine, settled, config.Volumes, _id);
        settled = settled with { Mounts = mounts.Requests };
        using FileRoot view = FileRoot.From(rootfs.Duplicate());
        mounts.FillVolumes(view);
        (Spec spec, ContainerOptions options) = ContainerSpecs.Build(engine, _id, settled, image, mounts, view);
        MakeWorkingDirectory(view, spec.Process!);
        ContainerRecord record = RecordComposer.Compose(settled, image, spec, options, mounts.Documents);
        return new()
        {
            Row = Claim(image, record, startsAt, undo),
            Record = record,
            Image = image,
            Rootfs = rootfs,
            Spec = spec,
            Undo = undo,
            Operation = operation,
        };
    }

    /// <summary>Records the container as a user of the image, then makes sure that the image is still there.</summary>
    private ContainerRow Claim(StoredImage image, ContainerRecord record, DateTimeOffset? startsAt, Undo undo)
    {
        string? name = string.IsNullOrEmpty(request.Name) ? null : ContainerName.Parse(request.Name);
        var row = new ContainerRow(
            _id,
            name ?? "",
            request.Image,
            image.Manifest.Digest.ToString(),
            engine.Clock.GetUtcNow(),
            request.AutoRemove,
            ContainerJson.Write(record),
            null,
            startsAt);
        row = engine.Containers.Insert(row, name);
        undo.Add(() => engine.Containers.Delete(_id, durable: !request.AutoRemove));
        return engine.Images.Has(image)
            ? row
            : throw new TareException(ErrorKind.NotFound, $"image {request.Image}: removed by another process just now");
    }

    /// <summary>Docker makes a working directory that the image lacks, owned by root.</summary>
    private static void MakeWorkingDirectory(FileRoot rootfs, Process process)
    {
        const uint Mode = 0b111_101_101;
        if (process.Cwd == "/")
        {
            return;
        }

        try
        {
            rootfs.MakeDirectories(Encoding.UTF8.GetBytes(process.Cwd), Mode).Dispose();
        }
        catch (LinuxException refused) when (refused.Errno is Errno.ENOTDIR or Errno.EEXIST or Errno.ELOOP or Errno.ENOENT)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"cannot mkdir {process.Cwd}: {refused.Errno.Explain()}",
                "name another working directory with -w",
                refused);
        }
    }
}
