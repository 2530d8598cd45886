// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Bodies that are read whole, up to a bound.</summary>
internal static class BoundedBody
{
    private const int FirstBytes = 16 << 10;

    /// <exception cref="TareException">ResourceExhausted when there is more</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int maxBytes, string what, CancellationToken ct)
    {
        using Stream body = await answer.Content.ReadAsStreamAsync(ct);
        byte[] bytes = new byte[Math.Min(FirstBytes, maxBytes + 1)];
        int length = 0;
        for (int n; (n = await body.ReadAsync(bytes.AsMemory(length), ct)) > 0;)
        {
            length += n;
            if (length > maxBytes)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"{what}: its answer has more than {maxBytes} bytes");
            }
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, maxBytes + 1L));
            }
        }
        return bytes[..length];
    }
}
