// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>ADD of a URL: one file, fetched once for a build and only when somebody needs it.</summary>
internal sealed class RemoteFile(SolveContext context, RemoteFileOperation operation) : IDisposable
{
    /// <summary>Bytes of a file from a server.</summary>
    public const long MaxBytes = 16L << 30;

    private const int BufferBytes = 256 * 1024;
    private const uint Mode = 0b110_000_000;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private StepFolder? _folder;

    public InputTree Open(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_folder is null)
            {
                var folder = StepFolder.Make(context.Store);
                try
                {
                    FetchAsync(folder.Folder, ct).GetAwaiter().GetResult();
                }
                catch
                {
                    folder.Dispose();
                    throw;
                }

                _folder = folder;
            }

            return new InputTree(Root.From(_folder.Folder.Duplicate()), null, IsContext: false);
        }
    }

    public void Dispose() => _folder?.Dispose();

    private async Task FetchAsync(Fd folder, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(operation.Url, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!answer.IsSuccessStatusCode)
            {
                throw new TareException(
                    (int)answer.StatusCode is 404 or 410 ? ErrorKind.NotFound : ErrorKind.Unavailable,
                    $"{operation.Url}: the server answered {(int)answer.StatusCode}");
            }

            await using Stream body = await answer.Content.ReadAsStreamAsync(ct);
            using Fd file = folder.Open(
                Encoding.UTF8.GetBytes(operation.FileName), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, Mode);
            await ReceiveAsync(body, file, ct);
            file.SetMode(Mode);
            file.SetTimes(context.Time.FileTime, context.Time.FileTime);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new TareException(ErrorKind.Unavailable, $"{operation.Url}: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
    }

    private async Task ReceiveAsync(Stream body, Fd file, CancellationToken ct)
    {
        Digest? wanted = operation.Checksum is { } text ? Digest.Parse(text) : null;
        using var hash = IncrementalHash.CreateHash(
            wanted?.Algorithm == Oci.HashAlgorithm.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        long total = 0;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        while (true)
        {
            silence.CancelAfter(Silence);
            int read = await body.ReadAsync(buffer, silence.Token);
            if (read == 0)
            {
                break;
            }

            total += read;
            if (total > MaxBytes)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"{operation.Url}: more than {MaxBytes} bytes");
            }

            hash.AppendData(buffer, 0, read);
            file.Write(buffer.AsSpan(0, read));
        }

        Digest found = Digest.FromHash(hash.GetHashAndReset());
        if (wanted is { } digest && digest != found)
        {
            throw new TareException(ErrorKind.Corrupt, $"digest mismatch {found}: {digest}");
        }
    }
}
