// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Images.Snapshots;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>A container that is recorded and does not run, with its root file system mounted and its spec decided.</summary>
/// <remarks>
/// Owned by who made it. Disposing lets go of what is held; what stays on disk is decided by <see cref="Undo"/>, which
/// the owner keeps once the container may stay.
/// </remarks>
internal sealed class CreatedContainer : IDisposable
{
    public required ContainerRow Row { get; init; }

    public required ContainerRecord Record { get; init; }

    public required StoredImage Image { get; init; }

    /// <summary>Whose ids this run has; owned.</summary>
    public required ContainerUsers Users { get; init; }

    /// <summary>A detached mount.</summary>
    public required Fd Rootfs { get; init; }

    public required Spec Spec { get; init; }

    /// <summary>What its mounts show of other stages of a build; owned. Null: nothing.</summary>
    public StageViews? Views { get; init; }

    /// <summary>Takes its creation back; of one that was there before, only what its start needed.</summary>
    public required Undo Undo { get; init; }

    /// <summary>Tells other processes that this container is being changed.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Makes one that was created earlier ready for a start.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container, which does not run</param>
    /// <param name="operation">taken over</param>
    /// <exception cref="TareException">the image is damaged, a source of a bind is gone, …</exception>
    public static CreatedContainer Open(TareEngine engine, ContainerRow row, Operation operation)
    {
        ContainerRecord record = ContainerJson.ReadRecord(row);
        StoredImage image = engine.Images.FindManifest(Digest.Parse(row.Manifest))
            ?? throw new TareException(ErrorKind.Corrupt, $"container {row.Name}: its image {row.Image} is not in the store any more");
        RunRequest request = record.Request ?? throw new TareException(
            ErrorKind.NotSupported,
            $"container {row.Name}: made by a version of tare whose containers ran once",
            $"make a new one from image {row.Image}");
        var undo = new Undo();
        ContainerUsers? users = null;
        Fd? rootfs = null;
        try
        {
            undo.Add(() => engine.Folders.RemoveLive(row.Id.Text));
            using Fd live = engine.Folders.MakeLive(row.Id.Text);
            using Fd folder = engine.Folders.OpenContainer(row.Id.Text);
            users = ContainerUsers.Take(engine, row.Id, live, request, image);
            rootfs = Mount(engine, row.Id, folder, image, users, row.AutoRemove);
            using FileRoot view = FileRoot.From(rootfs.Duplicate());
            ResolvedMounts mounts = ResolvedMounts.Resolve(engine, request, null, row.Id);
            return new()
            {
                Row = row,
                Record = record,
                Image = image,
                Users = users,
                Rootfs = rootfs,
                Spec = ContainerSpecs.Build(engine, row.Id, request, image, mounts, users, view, isStart: true).Spec,
                Undo = undo,
                Operation = operation,
            };
        }
        catch
        {
            rootfs?.Dispose();
            users?.Dispose();
            undo.TakeBack();
            throw;
        }
    }

    /// <summary>The container's root file system with its own ids, as a detached mount. The caller owns it.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="id">of the container</param>
    /// <param name="folder">its own, in the store</param>
    /// <param name="image">it is made from</param>
    /// <param name="users">whose ids it has</param>
    /// <param name="isVolatile">nothing of it must survive a crash</param>
    public static Fd Mount(TareEngine engine, ContainerId id, Fd folder, StoredImage image, ContainerUsers users, bool isVolatile) =>
        engine.Images.Snapshots.Prepare(folder, image, new SnapshotOptions
        {
            IsVolatile = isVolatile,
            Mapped = users.Store(id),
            Mark = engine.Folders.MountMark,
        });

    public void Dispose()
    {
        LetGo();
        if (!Undo.TakeBack())
        {
            Operation.LeaveToNext();
        }

        Operation.Complete();
    }

    /// <summary>Of what is held for the start, but not of the operation.</summary>
    public void LetGo()
    {
        Views?.Dispose();
        Rootfs.Dispose();
        Users.Dispose();
    }
}
