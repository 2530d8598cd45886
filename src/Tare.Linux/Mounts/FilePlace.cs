// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Mounts;

/// <summary>Where a directory really is: on which file system and by which path there, whatever mounts show it.</summary>
/// <param name="Path">absolute, as this process sees it, without symbolic links</param>
/// <param name="Device">the file system, as mountinfo numbers it</param>
/// <param name="InFileSystem">the path from the top of the file system</param>
/// <param name="Carrier">the mount through which we reach it</param>
internal sealed record FilePlace(byte[] Path, DeviceNumber Device, byte[] InFileSystem, MountEntry Carrier)
{
    /// <summary>Null when no mount of this process's namespace carries it: a detached or removed directory.</summary>
    /// <param name="directory">open, O_PATH is enough</param>
    /// <param name="mounts">of this process</param>
    public static FilePlace? TryFind(Fd directory, IReadOnlyList<MountEntry> mounts)
    {
        ulong id = directory.Status().MountId;
        byte[] path = directory.HostPathNow();
        MountEntry? carrier = mounts.FirstOrDefault(mount => (ulong)mount.Id == id);
        return carrier is not null && TryBelow(carrier.MountPoint, path) is { } below
            ? new(path, carrier.Device, Join(carrier.Root, below), carrier)
            : null;
    }

    /// <summary>True when a mount shows something strictly below this directory.</summary>
    public bool Holds(MountEntry mount) => mount.Device == Device && TryBelow(InFileSystem, mount.Root) is { Length: > 0 };

    /// <summary>True when a mount shows exactly this directory, and is not how the machine itself reaches it.</summary>
    public bool IsShownBy(MountEntry mount) =>
        mount.Device == Device
        && mount.Root.AsSpan().SequenceEqual(InFileSystem)
        && !(mount.Root.AsSpan().SequenceEqual(Carrier.Root) && mount.MountPoint.AsSpan().SequenceEqual(Carrier.MountPoint));

    /// <summary>What follows <paramref name="directory"/> in <paramref name="path"/>, without the slash; empty for itself,
    /// null when it is not below.</summary>
    public static byte[]? TryBelow(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> prefix = directory.TrimEnd((byte)'/');
        return path.StartsWith(prefix) && (path.Length == prefix.Length || path[prefix.Length] == '/')
            ? path[prefix.Length..].TrimStart((byte)'/').ToArray()
            : null;
    }

    private static byte[] Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> below) =>
        below.IsEmpty ? directory.ToArray() : [.. directory.TrimEnd((byte)'/'), (byte)'/', .. below];
}
