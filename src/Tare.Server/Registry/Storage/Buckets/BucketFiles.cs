// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Large objects, and lists.</summary>
internal sealed class BucketFiles(BucketClient client, string prefix)
{
    private const long MinPart = 16 << 20;
    private const int MaxParts = 9_000;
    private const int PartsAtOnce = 4;

    /// <summary>Stores a file; a large one in parts, of which a few are on their way at once. Nothing is held in memory.</summary>
    public async Task PutAsync(string key, Fd file, CancellationToken ct)
    {
        long size = file.Status().Size;
        if (size <= MinPart)
        {
            using HttpResponseMessage? whole = await client.SendAsync(
                HttpMethod.Put, key, "", () => BucketBody.Of(file, 0, size, client.IsSecure), ct);
            return;
        }

        string begun = await client.AskAsync(HttpMethod.Post, key, Signature.Query(("uploads", "")), null, ct) ?? "";
        string id = XmlText.First(begun, "UploadId") ?? throw client.Refused(key, 500, begun);
        try
        {
            await PutPartsAsync(key, id, file, size, ct);
        }
        catch
        {
            await AbortAsync(key, id);
            throw;
        }
    }

    /// <summary>The objects whose keys begin so, sorted by key.</summary>
    /// <param name="below">without the prefix of all keys</param>
    /// <param name="after">leaves out this key and those before it; empty for none</param>
    /// <param name="ct">ends it</param>
    public async IAsyncEnumerable<BucketObject> ListAsync(string below, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            string page = await PageAsync(below, after, next, delimiter: false, ct);
            foreach (string entry in XmlText.All(page, "Contents"))
            {
                yield return Read(entry);
            }

            next = XmlText.First(page, "NextContinuationToken");
        }
        while (next is not null);
    }

    /// <summary>The names right below a prefix that have more below them, as folders have.</summary>
    public async Task<List<string>> FoldersAsync(string below, CancellationToken ct)
    {
        List<string> names = [];
        string? next = null;
        do
        {
            string page = await PageAsync(below, "", next, delimiter: true, ct);
            names.AddRange(XmlText.All(page, "CommonPrefixes")
                .Select(static entry => XmlText.First(entry, "Prefix"))
                .OfType<string>()
                .Select(each => each[(prefix.Length + below.Length)..].TrimEnd('/')));
            next = XmlText.First(page, "NextContinuationToken");
        }
        while (next is not null);
        return names;
    }

    private async Task PutPartsAsync(string key, string id, Fd file, long size, CancellationToken ct)
    {
        const long MiB = 1 << 20;
        long part = Math.Max(MinPart, (size / MaxParts / MiB + 1) * MiB);
        string[] tags = new string[(size + part - 1) / part];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, tags.Length), new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = ct },
            async (index, stop) =>
            {
                string query = Signature.Query(("partNumber", (index + 1).ToString(CultureInfo.InvariantCulture)), ("uploadId", id));
                long from = index * part;
                using HttpResponseMessage? answer = await client.SendAsync(
                    HttpMethod.Put, key, query,
                    () => BucketBody.Of(file, from, Math.Min(part, size - from), client.IsSecure), stop);
                tags[index] = answer?.Headers.ETag?.ToString() ?? throw client.Refused(key, 500, "");
            });
        StringBuilder list = new("<CompleteMultipartUpload>");
        for (int index = 0; index < tags.Length; index++)
        {
            list.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{index + 1}</PartNumber><ETag>{SecurityElement.Escape(tags[index])}</ETag></Part>");
        }

        byte[] body = Encoding.UTF8.GetBytes(list.Append("</CompleteMultipartUpload>").ToString());
        string? done = await client.AskAsync(HttpMethod.Post, key, Signature.Query(("uploadId", id)), () => BucketBody.Of(body), ct);
        // a failure comes with status 200, as the answer begins before the parts are joined
        if (done is null || XmlText.First(done, "ETag") is null)
        {
            throw client.Refused(key, 500, done ?? "");
        }
    }

    private async Task AbortAsync(string key, string id)
    {
        try
        {
            using HttpResponseMessage? answer = await client.SendAsync(
                HttpMethod.Delete, key, Signature.Query(("uploadId", id)), null, CancellationToken.None);
        }
        catch (TareException)
        {
            // what went wrong before is what is told; buckets have rules for parts that nobody joined
        }
    }

    private async Task<string> PageAsync(string below, string after, string? next, bool delimiter, CancellationToken ct)
    {
        string query = Signature.Query([
            ("list-type", "2"), ("prefix", prefix + below),
            .. after.Length > 0 ? ((string, string)[])[("start-after", prefix + after)] : [],
            .. delimiter ? ((string, string)[])[("delimiter", "/")] : [],
            .. next is not null ? ((string, string)[])[("continuation-token", next)] : []]);
        return await client.AskAsync(HttpMethod.Get, "", query, null, ct) ?? "";
    }

    private BucketObject Read(string entry)
    {
        bool isFine = long.TryParse(XmlText.First(entry, "Size"), CultureInfo.InvariantCulture, out long size)
            & DateTimeOffset.TryParse(
                XmlText.First(entry, "LastModified"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset modified);
        return isFine && XmlText.First(entry, "Key") is { } key && key.StartsWith(prefix, StringComparison.Ordinal)
            ? new(key[prefix.Length..], size, modified)
            : throw new TareException(ErrorKind.Unavailable, "bucket: a list that makes no sense");
    }
}
