// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tare.Build.Cache;
using Tare.Build.Dockerfile;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>The folder of <c>--mount=type=cache</c>, which outlives builds.</summary>
/// <remarks><c>caches/HEX.N/data</c> in the builder's folder, HEX of the id; N is 0 but for private caches that are in use.
/// A lock file beside it tells users apart; it dies with its process.</remarks>
internal sealed class CacheFolder : IDisposable
{
    private const uint Private = 0b111_000_000;
    private const int MaxCopies = 64;
    private const int MaxFolders = 1 << 20;
    private const int MaxNames = 1 << 20;
    private const int MaxIdBytes = 64 << 10;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory;

    private readonly FileLock _lock;

    private CacheFolder(Fd data, FileLock held, bool isNew) => (Data, _lock, IsNew) = (data, held, isNew);

    /// <summary>What is mounted. Lent.</summary>
    public Fd Data { get; }

    /// <summary>It was made just now: it wants its content, mode and owner.</summary>
    public bool IsNew { get; }

    /// <param name="builder">the builder's folder; lent</param>
    /// <param name="id">as the user has it</param>
    /// <param name="sharing">how many may use it at once; a locked one is waited for</param>
    public static CacheFolder Open(Fd builder, string id, CacheSharing sharing)
    {
        builder.TryMakeDirectory("caches"u8, Private);
        using Fd caches = builder.Open("caches"u8, Folder);
        for (int copy = 0; ; copy++)
        {
            byte[] name = NameOf(id, copy);
            caches.TryMakeDirectory(name, Private);
            using Fd place = caches.Open(name, Folder);
            FileLock? held = sharing == CacheSharing.Private && copy < MaxCopies
                ? FileLock.TryTake(place, "lock"u8)
                : FileLock.Take(place, "lock"u8, shared: sharing == CacheSharing.Shared);
            if (held is not null && !held.IsStillNamed(place, "lock"u8))
            {
                // it was removed while we waited for it
                held.Dispose();
                copy--;
                continue;
            }

            if (held is not null)
            {
                bool isNew = place.TryMakeDirectory("data"u8, Private);
                if (isNew)
                {
                    AtomicFile.Write(place, "id"u8, Encoding.UTF8.GetBytes(id), durable: false);
                }

                // the time of the lock file is that of the last use
                FileTime now = new(LayerStep.Now(), 0);
                place.SetTimes("lock"u8, now, now);
                return new CacheFolder(place.Open("data"u8, Folder), held, isNew);
            }
        }
    }

    /// <summary>The first folder of an id, with nobody else in it; null: there is none yet.</summary>
    /// <remarks>Waits for whoever uses it.</remarks>
    public static CacheFolder? TryOpen(Fd builder, string id)
    {
        using Fd? place = builder.TryOpen("caches"u8, Folder) is { } caches ? OpenIn(caches, id) : null;
        if (place is null)
        {
            return null;
        }

        FileLock held = FileLock.Take(place, "lock"u8);
        Fd? data = place.TryOpen("data"u8, Folder);
        if (data is null)
        {
            held.Dispose();
            return null;
        }

        return new CacheFolder(data, held, isNew: false);
    }

    /// <summary>All there are, the one that was used last at the end.</summary>
    public static IReadOnlyList<CacheItem> List(Fd builder)
    {
        using Fd? caches = builder.TryOpen("caches"u8, Folder);
        List<CacheItem> all = [];
        foreach (byte[] name in caches?.SortedNames(MaxFolders) ?? [])
        {
            if (caches!.TryOpen(name, Folder) is { } place)
            {
                using (place)
                {
                    all.Add(Describe(Encoding.ASCII.GetString(name), place));
                }
            }
        }

        return [.. all.OrderBy(static one => one.Used).ThenBy(static one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>Removes one that nobody uses; false: somebody does, or it is gone.</summary>
    /// <param name="builder">the builder's folder; lent</param>
    /// <param name="name">of the folder, as <see cref="List"/> has it</param>
    public static bool TryRemove(Fd builder, string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        using Fd? caches = builder.TryOpen("caches"u8, Folder);
        using Fd? place = caches?.TryOpen(bytes, Folder);
        using FileLock? held = place is null ? null : FileLock.TryTake(place, "lock"u8);
        if (held is null)
        {
            return false;
        }

        FileTree.Remove(caches!, bytes);
        return true;
    }

    private static CacheItem Describe(string name, Fd place)
    {
        using FileLock? free = FileLock.TryTake(place, "lock"u8);
        DateTimeOffset used = DateTimeOffset.FromUnixTimeSeconds(place.TryStatus("lock"u8)?.ModifyTime.Seconds ?? 0);
        FileStatus? id = place.TryStatus("id"u8);
        string title = id is { IsRegular: true, Size: <= MaxIdBytes } ? Encoding.UTF8.GetString(AtomicFile.TryRead(place, "id"u8, MaxIdBytes) ?? []) : name;
        using Fd? data = place.TryOpen("data"u8, Folder);
        return new CacheItem(name, CacheItem.Mount, $"cached mount {title}", data is null ? 0 : SizeOf(data))
        {
            Created = DateTimeOffset.FromUnixTimeSeconds(id?.ModifyTime.Seconds ?? used.ToUnixTimeSeconds()),
            Used = used,
            IsInUse = free is null,
        };
    }

    private static long SizeOf(Fd directory)
    {
        long bytes = 0;
        foreach (byte[] name in directory.SortedNames(MaxNames))
        {
            FileStatus? status = directory.TryStatus(name);
            if (status is { IsDirectory: true })
            {
                using Fd? child = directory.TryOpen(name, Folder | OpenFlags.NoFollow);
                bytes += child is null ? 0 : SizeOf(child);
            }
            else if (status is { IsRegular: true })
            {
                bytes += status.Value.Size;
            }
        }

        return bytes;
    }

    private static Fd? OpenIn(Fd caches, string id)
    {
        using (caches)
        {
            return caches.TryOpen(NameOf(id, 0), Folder);
        }
    }

    private static byte[] NameOf(string id, int copy)
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hex}.{copy}"));
    }

    public void Dispose()
    {
        Data.Dispose();
        _lock.Dispose();
    }
}
