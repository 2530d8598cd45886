// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>A blob in a bucket; it is asked for when somebody reads it.</summary>
internal sealed class BucketContent(BucketClient client, string key, long size) : IBlobContent
{
    private HttpResponseMessage? _answer;
    private Stream? _body;
    private long _at;

    public long Size => size;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct)
    {
        if (_body is null || at != _at)
        {
            _answer?.Dispose();
            _answer = await client.SendAsync(HttpMethod.Get, key, "", at == 0 ? null : () => BucketBody.Range(at), ct)
                ?? throw new TareException(ErrorKind.Corrupt, $"{key}: it is not in the bucket");
            if (at > 0 && _answer.Content.Headers.ContentRange?.From != at)
            {
                throw new TareException(ErrorKind.Unavailable, $"{key}: the bucket sends another range than asked for");
            }

            _body = await _answer.Content.ReadAsStreamAsync(ct);
            _at = at;
        }

        int n = await _body.ReadAsync(buffer, ct);
        _at += n;
        return n;
    }

    public void Dispose()
    {
        _body?.Dispose();
        _answer?.Dispose();
    }
}
