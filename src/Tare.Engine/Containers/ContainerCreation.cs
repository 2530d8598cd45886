// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>Makes a container out of an image and what was asked; whatever fails, nothing of it stays.</summary>
/// <remarks>
/// In this order: operation, whose ids it has, folder and volumes, root file system, spec, record. The operation comes first, so that
/// whoever finds leftovers finds whose they are; the record, which makes the name visible, comes last.
/// </remarks>
/// <param name="engine">whose it is to be</param>
/// <param name="request">what was asked</param>
/// <param name="isStep">it is a step of a build: its image was never stored, and its variables are written nowhere</param>
internal sealed class ContainerCreation(TareEngine engine, RunRequest request, bool isStep = false)
{
    private readonly ContainerId _id = ContainerId.Create();

    /// <param name="image">what it is made from</param>
    /// <param name="startsAt">when it is started right after: the record then says so from the beginning; else null</param>
    /// <exception cref="TareException">what was asked cannot be had; the message says what and why</exception>
    public CreatedContainer Create(StoredImage image, DateTimeOffset? startsAt)
    {
        Operation operation = Operation.Begin(engine.Folders, _id.Text);
        var undo = new Undo();
        ContainerUsers? users = null;
        Fd? rootfs = null;
        StageViews? views = null;
        try
        {
            undo.Add(() => engine.Folders.RemoveContainer(_id.Text));
            using Fd? live = startsAt is null ? null : engine.Folders.MakeLive(_id.Text);
            users = ContainerUsers.Take(engine, _id, live, request, image);
            using Fd folder = engine.Folders.MakeContainer(_id.Text);
            undo.Add(() => engine.Volumes.RemoveAnonymous(_id));
            rootfs = CreatedContainer.Mount(engine, _id, folder, image, users, request.AutoRemove);
            views = isStep ? StageViews.Make(engine.Images, folder, users.Store(_id), request.Mounts) : null;
            return Record(image, users, rootfs, views, startsAt, undo, operation);
        }
        catch
        {
            views?.Dispose();
            rootfs?.Dispose();
            users?.Dispose();
            if (!undo.TakeBack())
            {
                operation.LeaveToNext();
            }

            operation.Complete();
            throw;
        }
    }

    private CreatedContainer Record(
        StoredImage image, ContainerUsers users, Fd rootfs, StageViews? views, DateTimeOffset? startsAt, Undo undo, Operation operation)
    {
        RunConfig config = image.Config.Config ?? new RunConfig();
        RunRequest settled = request with
        {
            SecurityOptions = SecurityChoice.Inline(request.SecurityOptions),
            Network = request.Network is { } network ? JoinedContainer.Settle(engine, network) : null,
        };
        ResolvedMounts mounts = ResolvedMounts.Resolve(engine, settled, config.Volumes, _id);
        settled = settled with { Mounts = mounts.Requests };
        using FileRoot view = FileRoot.From(rootfs.Duplicate());
        FillVolumes(image, mounts);
        (Spec spec, ContainerOptions options) = ContainerSpecs.Build(engine, _id, settled, image, mounts, users, view, isStart: startsAt is not null);
        MakeWorkingDirectory(view, users, spec.Process!);
        ContainerRecord record = RecordComposer.Compose(
            isStep ? settled with { Environment = [] } : settled,
            image,
            isStep ? spec with { Process = spec.Process! with { Env = [] } } : spec,
            options,
            mounts.Documents) with
        {
            UserNamespace = users.Document,
            IsStep = isStep,
        };
        return new()
        {
            Row = Claim(image, record, startsAt, undo),
            Record = record,
            Image = image,
            Users = users,
            Rootfs = rootfs,
            Spec = spec,
            Views = views,
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
        return isStep || engine.Images.Has(image)
            ? row
            : throw new TareException(ErrorKind.NotFound, $"image {request.Image}: removed by another process just now");
    }

    /// <summary>From the image itself: its own ids are to stand in the volume, whatever the container's stand for.</summary>
    private void FillVolumes(StoredImage image, ResolvedMounts mounts)
    {
        if (mounts.Fill.Count > 0)
        {
            using FileRoot view = FileRoot.From(engine.Images.Snapshots.View(image));
            mounts.FillVolumes(view);
        }
    }

    /// <summary>Docker makes a working directory that the image lacks, owned by root.</summary>
    private static void MakeWorkingDirectory(FileRoot rootfs, ContainerUsers users, Process process)
    {
        const uint Mode = 0b111_101_101;
        if (process.Cwd == "/")
        {
            return;
        }

        try
        {
            uint root = users.Map?.First ?? 0;
            using FileSystemUser? owner = users.Map?.BeRoot();
            rootfs.MakeDirectories(Encoding.UTF8.GetBytes(process.Cwd), Mode, root, root).Dispose();
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
