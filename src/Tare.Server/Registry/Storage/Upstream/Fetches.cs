// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Remote;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>All blobs that are being fetched: each once, however many want it.</summary>
/// <remarks>One that nobody waits for any more is fetched to its end: it was asked for once. Safe to use from several threads.</remarks>
/// <param name="spool">makes files without a name</param>
/// <param name="keep">takes what was verified into the storage</param>
/// <param name="warn">is told what could not be fetched or kept</param>
internal sealed class Fetches(Func<Fd> spool, Func<Repository, Digest, Fd, CancellationToken, ValueTask> keep, Action<string> warn)
    : IAsyncDisposable
{
    /// <summary>More have to wait for their turn: each has a thread.</summary>
    private const int MaxAtOnce = 32;

    private const int BufferBytes = 256 << 10;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Repository, Digest Digest), (Fetch Fetch, Task End)> _running = [];
    private readonly SemaphoreSlim _turns = new(MaxAtOnce);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The fetch of this blob, begun if need be; the caller leaves it.</summary>
    public Fetch Join(Repository repository, string name, Descriptor content, UpstreamClient from)
    {
        (string, Digest) key = (repository.Name, content.Digest);
        lock (_lock)
        {
            if (_running.TryGetValue(key, out (Fetch Fetch, Task End) known) && known.Fetch.TryJoin())
            {
                return known.Fetch;
            }

            Fetch fetch = new(spool(), content.Size);
            fetch.TryJoin();
            _running[key] = (fetch, Task.Run(() => RunAsync(fetch, repository, name, content, from), CancellationToken.None));
            return fetch;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] ends;
        lock (_lock)
        {
            ends = [.. _running.Values.Select(static each => each.End)];
        }

        await Task.WhenAll(ends);
        _stop.Dispose();
        _turns.Dispose();
    }

    private async Task RunAsync(Fetch fetch, Repository repository, string name, Descriptor content, UpstreamClient from)
    {
        try
        {
            await _turns.WaitAsync(_stop.Token);
            try
            {
                await BringAsync(fetch, name, content, from);
            }
            finally
            {
                _turns.Release();
            }

            fetch.Verified();
            await keep(repository, content.Digest, fetch.File, _stop.Token);
        }
        catch (Exception e) when (e is TareException or LinuxException or OperationCanceledException or IOException)
        {
            warn($"blob {content.Digest} of {repository.Name}: {e.Message}");
            if (!fetch.IsVerified)
            {
                fetch.Failed(e);
            }
        }
        finally
        {
            lock (_lock)
            {
                if (_running.TryGetValue((repository.Name, content.Digest), out (Fetch Fetch, Task End) known) && known.Fetch == fetch)
                {
                    _running.Remove((repository.Name, content.Digest));
                }
            }

            fetch.Leave();
        }
    }

    private async Task BringAsync(Fetch fetch, string name, Descriptor content, UpstreamClient from)
    {
        using UpstreamClient.Lent lent = await from.TakeAsync(_stop.Token);
        RegistryClient client = lent.Client;
        RegistryRequest request = new(HttpMethod.Get, $"{name}/blobs/{content.Digest}", $"repository:{name}:pull") { Expects = [404] };
        BlobDownload download = new(
            (at, ct) => client.SendOnceAsync(at == 0 ? request : request with { From = at }, ct),
            content, client.Host.Name, client.Options, _stop.Token);
        using VerifyingStream bytes = new(download, content, "blob");
        if (await download.ConnectAsync() is null)
        {
            throw new TareException(ErrorKind.NotFound, $"{client.Host.Name}: blob {content.Digest}: it is not there");
        }

        await Task.Factory.StartNew(
            () => Write(fetch, bytes), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Write(Fetch fetch, VerifyingStream bytes)
    {
        byte[] buffer = new byte[BufferBytes];
        long at = 0;
        for (int n; (n = bytes.Read(buffer)) > 0;)
        {
            _stop.Token.ThrowIfCancellationRequested();
            fetch.File.WriteAt(buffer.AsSpan(0, n), at);
            at += n;
            fetch.Came(at);
        }

        fetch.File.Sync();
    }
}
