// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using RemoteOptions = Tare.Images.Remote.RegistryOptions;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>The client of one other registry, made anew now and then: addresses of names change while a server lives.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class UpstreamClient(UpstreamRule rule, RemoteOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _opening = new(1);
    private Opened? _current;

    public UpstreamRule Rule => rule;

    /// <summary>A client to use until Dispose.</summary>
    /// <exception cref="Oci.TareException">Unavailable</exception>
    public async Task<Lent> TakeAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            if (_current is null || time.GetUtcNow() - _current.Since > Life)
            {
                Opened next = new(await OpenAsync(ct), time.GetUtcNow());
                _current?.Release();
                _current = next;
            }

            _current.Lend();
            return new(_current);
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _current?.Release();
        _opening.Dispose();
    }

    private async Task<RegistryClient> OpenAsync(CancellationToken ct)
    {
        RegistryHost host = rule.IsHub
            ? await RegistryHost.FindAsync("docker.io", options, ct)
            : await RegistryHost.FindMirrorAsync(rule.Address, options, ct);
        // the administrator wrote the scheme: TLS that cannot be had does not become plain HTTP
        return await RegistryClient.OpenAsync(host with { IsInsecure = host.IsInsecure && !host.Origin.IsSecure }, options, ct);
    }

    /// <summary>A client that somebody uses.</summary>
    internal readonly struct Lent(Opened opened) : IDisposable
    {
        public RegistryClient Client => opened.Client;

        public void Dispose() => opened.Release();
    }

    /// <summary>Closed when nobody uses it and another one took its place.</summary>
    internal sealed class Opened(RegistryClient client, DateTimeOffset since)
    {
        private int _users = 1;

        public RegistryClient Client => client;

        public DateTimeOffset Since => since;

        public void Lend() => Interlocked.Increment(ref _users);

        public void Release()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                client.Dispose();
            }
        }
    }
}
