// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Mounts;

/// <summary>What differs between overlay mounts.</summary>
internal sealed record OverlayOptions
{
    /// <summary>fsync and umount do not reach the disk: for what is thrown away after a crash.</summary>
    /// <remarks>The kernel leaves <c>work/incompat/volatile</c> behind and refuses the next mount while it is there.</remarks>
    public bool Volatile { get; init; }

    /// <summary>Overlay's marks are <c>user.overlay.*</c>, for mounts made in a user namespace.</summary>
    public bool UserXattrs { get; init; }

    /// <summary>What stands in the first column of /proc/mounts.</summary>
    public string Source { get; init; } = "tare";

    public MountAttributes Attributes { get; init; }
}
