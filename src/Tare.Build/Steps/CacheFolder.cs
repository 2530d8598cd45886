// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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
        string hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        for (int copy = 0; ; copy++)
        {
            byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hex}.{copy}"));
            caches.TryMakeDirectory(name, Private);
            using Fd place = caches.Open(name, Folder);
            FileLock? held = sharing == CacheSharing.Private && copy < MaxCopies
                ? FileLock.TryTake(place, "lock"u8)
                : FileLock.Take(place, "lock"u8, shared: sharing == CacheSharing.Shared);
            if (held is not null)
            {
                bool isNew = place.TryMakeDirectory("data"u8, Private);
                return new CacheFolder(place.Open("data"u8, Folder), held, isNew);
            }
        }
    }

    public void Dispose()
    {
        Data.Dispose();
        _lock.Dispose();
    }
}
