// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Snapshots;

/// <summary>What differs between writable snapshots.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>Nothing of it must survive a crash: fsync inside costs nothing.</summary>
    public bool IsVolatile { get; init; }

    /// <summary>The store as a container with ids of its own sees it; null: its ids are the host's. On disk they are the image's either way.</summary>
    public MappedStore? Mapped { get; init; }

    /// <summary>The first column of /proc/mounts: tells whose mount it is, as layers behind a map are shown without a path.</summary>
    public string Mark { get; init; } = "tare";
}
