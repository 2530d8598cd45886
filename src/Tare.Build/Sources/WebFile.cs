// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>One file from a server, over http or https.</summary>
internal static class WebFile
{
    /// <summary>Bytes of a file from a server.</summary>
    public const long MaxBytes = 16L << 30;

    private const int BufferBytes = 256 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    public static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fetches it.</summary>
    /// <param name="url">where it is</param>
    /// <param name="checksum">the digest that it must have, or null</param>
    /// <param name="create">makes the file; asked when the server has said yes; disposed here</param>
    /// <param name="ct">stops it</param>
    /// <returns>the digest that it has: SHA-256, unless the checksum is of another kind</returns>
    /// <exception cref="TareException">NotFound; Unavailable; ResourceExhausted; Corrupt: another digest</exception>
    public static async Task<Digest> FetchAsync(string url, string? checksum, Func<Fd> create, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!answer.IsSuccessStatusCode)
            {
                throw new TareException(
                    (int)answer.StatusCode is 404 or 410 ? ErrorKind.NotFound : ErrorKind.Unavailable,
                    $"{url}: the server answered {(int)answer.StatusCode}");
            }

            await using Stream body = await answer.Content.ReadAsStreamAsync(ct);
            using Fd file = create();
            return await ReceiveAsync(url, checksum, body, file, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new TareException(ErrorKind.Unavailable, $"{url}: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
    }

    private static async Task<Digest> ReceiveAsync(string url, string? checksum, Stream body, Fd file, CancellationToken ct)
    {
        Digest? wanted = checksum is { } text ? Digest.Parse(text) : null;
        using var hash = IncrementalHash.CreateHash(
            wanted?.Algorithm == Oci.HashAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        long total = 0;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        while (true)
        {
            silence.CancelAfter(Silence);
            int read = await ReadAsync(url, body, buffer, silence.Token, ct);
            if (read == 0)
            {
                break;
            }

            total += read;
            if (total > MaxBytes)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"{url}: more than {MaxBytes} bytes");
            }

            hash.AppendData(buffer, 0, read);
            file.Write(buffer.AsSpan(0, read));
        }

        Digest found = Digest.FromHash(hash.GetHashAndReset());
        if (wanted is { } digest && digest != found)
        {
            throw new TareException(ErrorKind.Corrupt, $"digest mismatch {found}: {digest}");
        }

        return found;
    }

    private static async Task<int> ReadAsync(string url, Stream body, byte[] buffer, CancellationToken silence, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(buffer, silence);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TareException(ErrorKind.Unavailable, $"{url}: nothing came for {Silence.TotalSeconds} s");
        }
    }
}
