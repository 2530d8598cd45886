// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Pruning;

/// <summary>What images, containers and volumes keep on the disk, and how much of it nobody uses: <c>system df</c>.</summary>
/// <remarks>Of files their lengths, as docker counts them; layers that images share count once.</remarks>
internal sealed class DiskUsage
{
    private readonly StoreUse _use;
    private readonly HashSet<Digest> _used;

    private DiskUsage(TareEngine engine)
    {
        var reader = new StatusReader(engine);
        Containers = [.. engine.Containers.List().Select(row => new ContainerUsage(
            row, reader.Read(row), ContainerSize.Of(engine, row).Own, ContainerJson.ReadRecord(row).Mounts.Count(static m => m.Name is not null)))];
        Volumes = [.. engine.Volumes.List().Select(volume => new VolumeUsage(
            volume.Name, engine.Volumes.UsersOf(volume.Name).Count, OfVolume(engine, volume.Name)))];
        Images = engine.Images.List(ImageFilter.None);
        (_use, Manifests) = engine.Images.Use();
        _used = [.. Containers.Select(static container => Digest.Parse(container.Row.Manifest))];
    }

    public IReadOnlyList<ContainerUsage> Containers { get; }

    public IReadOnlyList<VolumeUsage> Volumes { get; }

    /// <summary>One for each name, and for each image without one.</summary>
    public IReadOnlyList<ImageRow> Images { get; }

    /// <summary>The manifests of each image's ID.</summary>
    public ILookup<Digest, Digest> Manifests { get; }

    /// <summary>Images, by their IDs; those that containers were made from; bytes of all; bytes that nobody needs.</summary>
    public (int Total, int Active, long Bytes, long Reclaimable) ImageSums
    {
        get
        {
            IEnumerable<Digest> all = Manifests.SelectMany(static image => image);
            long bytes = _use.Of(all);
            return (Manifests.Count, Manifests.Count(image => image.Any(_used.Contains)), bytes, bytes - _use.Of(all.Where(_used.Contains)));
        }
    }

    /// <summary>Bytes that would go with an image, bytes that others keep too, and how many containers were made from it.</summary>
    public (long Unique, long Shared, int Containers) OfImage(Digest id)
    {
        List<Digest> own = [.. Manifests[id]];
        if (own.Count == 0)
        {
            return default;
        }

        (long unique, long shared) = _use.Split(own[0], Manifests.SelectMany(static image => image).Except(own));
        return (unique, shared, Containers.Count(container => own.Contains(Digest.Parse(container.Row.Manifest))));
    }

    public static DiskUsage Read(TareEngine engine) => new(engine);

    /// <summary>Bytes of a volume's files.</summary>
    public static long OfVolume(TareEngine engine, string name)
    {
        using Fd? content = HostPath.TryOpen(engine.Folders.VolumePath(name), OpenFlags.ReadOnly | OpenFlags.Directory);
        return content is null ? 0 : ContainerSize.Sum(content);
    }
}

/// <summary>A container and what its own layer takes.</summary>
/// <param name="Row">the container</param>
/// <param name="Status">what it does</param>
/// <param name="Bytes">that it has written</param>
/// <param name="Volumes">that it uses</param>
internal sealed record ContainerUsage(ContainerRow Row, ContainerStatus Status, long Bytes, int Volumes);

/// <summary>A volume, how many containers use it, and what it takes.</summary>
internal sealed record VolumeUsage(string Name, int Links, long Bytes);
