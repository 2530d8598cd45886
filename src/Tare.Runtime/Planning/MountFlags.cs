// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>Attributes and propagation that mount options ask for, in the bits of mount_setattr(2).</summary>
/// <param name="Set">bits to set on the mount</param>
/// <param name="Clear">bits to clear on the mount</param>
internal readonly record struct MountFlags(ulong Set, ulong Clear)
{
    /// <summary>Bits to set on the mount and all below it.</summary>
    public ulong RecursiveSet { get; init; }

    /// <summary>Bits to clear on the mount and all below it.</summary>
    public ulong RecursiveClear { get; init; }

    /// <summary>MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE or 0.</summary>
    public ulong Propagation { get; init; }

    /// <summary>True when the propagation is for all below too.</summary>
    public bool IsPropagationRecursive { get; init; }
}
