// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Networks;

/// <summary>Who takes elements out of the packet filter, and who makes them anew from what run folders say, keep out of each other's way.</summary>
/// <remarks>
/// Whoever removes an element holds it, shared, until the run folder says so too; who only adds one has written that down before,
/// and needs it not. It comes after the lock of a network, never before.
/// </remarks>
internal static class FilterLock
{
    /// <summary>To remove elements; null: the store has no networks.</summary>
    public static FileLock? Share(EngineFolders folders) => Take(folders, shared: true);

    /// <summary>To make them anew; null: the store has no networks.</summary>
    public static FileLock? TakeAlone(EngineFolders folders) => Take(folders, shared: false);

    private static FileLock? Take(EngineFolders folders, bool shared)
    {
        using Fd? networks = HostPath.TryOpen($"{folders.Run}/networks", OpenFlags.ReadOnly | OpenFlags.Directory);
        return networks is null ? null : FileLock.Take(networks, shared);
    }
}
