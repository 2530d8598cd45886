// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Oci;
using Tare.Linux.Files;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Blobs in a bucket: the content once, and for each repository that shows it a small object with its size.</summary>
internal sealed class BucketBlobs(BucketClient client, BucketFiles files, BucketTouches touches, TimeProvider time, TimeSpan grace) : IBlobs
{
    private const int MaxNumber = 64;

    public async ValueTask<IBlobContent?> TryOpenAsync(Repository repository, Digest digest, CancellationToken ct) =>
        await TrySizeAsync(repository, digest, ct) is { } size ? new BucketContent(client, BucketKeys.Content(digest), size) : null;

    public async ValueTask<bool> TryMountAsync(Repository from, Repository to, Digest digest, CancellationToken ct)
    {
        using BucketTouches.Held held = await touches.HoldAsync(BucketKeys.Content(digest), ct);
        if (await TrySizeAsync(from, digest, ct) is not { } size || !await client.HasAsync(BucketKeys.Content(digest), ct))
        {
            return false;
        }

        await ShowAsync(to, digest, size, ct);
        return true;
    }

    public async ValueTask AddAsync(Repository repository, Digest digest, Fd file, CancellationToken ct)
    {
        using BucketTouches.Held held = await touches.HoldAsync(BucketKeys.Content(digest), ct);
        if (!await client.HasAsync(BucketKeys.Content(digest), ct))
        {
            await files.PutAsync(BucketKeys.Content(digest), file, ct);
        }

        await ShowAsync(repository, digest, file.Status().Size, ct);
    }

    public async ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        bool wasThere = await client.HasAsync(BucketKeys.Blob(repository, digest), ct);
        await client.DeleteAsync(BucketKeys.Blob(repository, digest), ct);
        return wasThere;
    }

    /// <summary>Bytes of a blob; null when the repository does not have it. It can be relied on for the grace.</summary>
    public async Task<long?> TrySizeAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        string key = BucketKeys.Blob(repository, digest);
        touches.Touch(key);
        using HttpResponseMessage? answer = await client.SendAsync(HttpMethod.Get, key, "", null, ct);
        if (answer is null)
        {
            return null;
        }

        await answer.Content.LoadIntoBufferAsync(MaxNumber, ct);
        string text = await answer.Content.ReadAsStringAsync(ct);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size))
        {
            throw new TareException(ErrorKind.Corrupt, $"{key}: it is not a number of bytes");
        }

        if (answer.Content.Headers.LastModified < time.GetUtcNow() - (grace / 2))
        {
            await ShowAsync(repository, digest, size, ct);
        }

        return size;
    }

    private Task ShowAsync(Repository repository, Digest digest, long size, CancellationToken ct)
    {
        string key = BucketKeys.Blob(repository, digest);
        touches.Touch(key);
        return client.PutAsync(key, Encoding.ASCII.GetBytes(size.ToString(CultureInfo.InvariantCulture)), ct);
    }
}
