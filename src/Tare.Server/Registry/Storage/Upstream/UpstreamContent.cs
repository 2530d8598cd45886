// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>A blob of another registry; it is fetched when somebody reads it, not when they only ask whether it is there.</summary>
/// <param name="size">bytes</param>
/// <param name="begin">joins the fetch</param>
internal sealed class UpstreamContent(long size, Func<Fetch> begin) : IBlobContent
{
    private Fetch? _fetch;

    public long Size => size;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct) =>
        (_fetch ??= begin()).ReadAsync(buffer, at, ct);

    public void Dispose() => _fetch?.Leave();
}
