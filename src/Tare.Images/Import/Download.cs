// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary>Fetches the tar of <c>import URL</c>. Nothing else in this room opens a connection.</summary>
internal static class Download
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    public static bool IsUrl(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body of the answer as input for an import; the caller disposes it.</summary>
    /// <exception cref="TareException">InvalidArgument, NotFound or Unavailable</exception>
    public static async Task<ArchiveInput> OpenAsync(string url, CancellationToken ct)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{Quoted.Text(url)} is not a URL");
        }
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            HttpResponseMessage answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!answer.IsSuccessStatusCode)
            {
                throw new TareException(
                    (int)answer.StatusCode is 404 or 410 ? ErrorKind.NotFound : ErrorKind.Unavailable,
                    $"import {url}: the server answered {(int)answer.StatusCode}");
            }
            return ArchiveInput.From(url, new BodyStream(client, await answer.Content.ReadAsStreamAsync(ct)));
        }
        catch (HttpRequestException e)
        {
            client.Dispose();
            throw new TareException(ErrorKind.Unavailable, $"import {url}: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A body that closes its client.</summary>
    private sealed class BodyStream(HttpClient client, Stream body) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => body.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
                client.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
