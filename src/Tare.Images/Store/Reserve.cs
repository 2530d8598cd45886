// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Room on the store's disk that is kept for removals: to make room on a full disk takes some, for the catalog's log.</summary>
/// <remarks>Any number of processes may keep and use it at once.</remarks>
internal static class Reserve
{
    /// <summary>A transaction writes each page that it changes into the log; this is enough to remove some hundred images.</summary>
    private const long Bytes = 1 << 20;

    private const uint OwnerOnly = 0b110_000_000;

    private static ReadOnlySpan<byte> Name => "reserve"u8;

    /// <summary>Sets it aside where it is missing; a disk that has no room for it is no error.</summary>
    public static void Keep(StoreFolder folder)
    {
        if (folder.Root.TryStatus(Name) is not null)
        {
            return;
        }
        try
        {
            using Fd file = folder.Root.OpenTemporary(OwnerOnly);
            file.Allocate(0, Bytes);
            folder.Root.LinkFile(Name, file);
        }
        catch (LinuxException)
        {
            // full, another process was first, or a file system that sets nothing aside
        }
    }

    /// <summary>Does something that makes room; when there is too little for that, once more after the reserve was given up.</summary>
    /// <param name="folder">of the store</param>
    /// <param name="act">may be done again after it failed half-way</param>
    public static T Use<T>(StoreFolder folder, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is TareException { Kind: ErrorKind.ResourceExhausted } or LinuxException { Errno: Errno.ENOSPC })
        {
            folder.Root.TryUnlink(Name);
            return act();
        }
    }
}
