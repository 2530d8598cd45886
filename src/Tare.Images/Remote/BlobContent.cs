// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tare.Images.Remote;

/// <summary>A blob on its way out, read as the registry takes it; it can be sent once.</summary>
/// <param name="bytes">lent; verifies itself when read to its end</param>
/// <param name="size">bytes</param>
/// <param name="options">how patiently</param>
internal sealed class BlobContent(Stream bytes, long size, RegistryOptions options) : HttpContent
{
    private const int BufferBytes = 128 << 10;

    /// <summary>What the registry may take to hash and keep what it was sent.</summary>
    private const int StallsAtEnd = 10;

    /// <summary>Cancelled when the registry takes nothing any more.</summary>
    public CancellationTokenSource? Patience { get; set; }

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int n; (n = bytes.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            Patience?.CancelAfter(options.Stall);
            await stream.WriteAsync(buffer.AsMemory(0, n), cancellationToken);
        }
        Patience?.CancelAfter(options.Stall * StallsAtEnd);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
