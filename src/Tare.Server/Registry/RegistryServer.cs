// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using Tare.Linux;
using Tare.Oci;
using Tare.Server.Hosting;
using Tare.Server.Registry.Access;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>A registry of images: distribution-spec 1.1 for everybody who speaks it.</summary>
/// <remarks>
/// Owns the protocol, who may use it, and the storage. Runs nothing. Start reading at <see cref="RegistryRequests"/> for what is
/// answered, at <see cref="IRegistryStorage"/> for what is kept and where.
/// </remarks>
internal sealed class RegistryServer : IAsyncDisposable
{
    private readonly IRegistryStorage _storage;
    private readonly AccessControl _access;
    private readonly Watched<SslStreamCertificateContext>? _certificate;
    private readonly AccessLog _log;
    private readonly Metrics _metrics = new();
    private readonly RegistryRequests _requests;
    private readonly CancellationTokenSource _ending = new();
    private WebServer? _web;
    private Task _looking = Task.CompletedTask;

    private RegistryServer(RegistryOptions options, AccessControl access, AccessLog log, TimeProvider time)
    {
        _access = access;
        _log = log;
        _certificate = options is { Certificate: { } certificate, Key: { } key }
            ? new(() => Certificates.Read(certificate, key), certificate, key)
            : null;
        _storage = StorageChoice.Open(options, time, _log.Say);
        _requests = new(
            new(_storage.Blobs), new(_storage), new(_storage), new(_storage.Manifests), access, _metrics, _log);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _web!.Address;

    /// <summary>Listens; requests are answered from now on.</summary>
    /// <param name="options">what to serve and how</param>
    /// <param name="log">for a line about each request</param>
    /// <param name="time">for the ages of things</param>
    /// <exception cref="TareException">a file cannot be read, the folder not be made, the address not be had</exception>
    public static async Task<RegistryServer> StartAsync(RegistryOptions options, TextWriter log, TimeProvider time)
    {
        RegistryServer server = new(options, AccessControl.Read(options, time), new(log, time), time);
        try
        {
            Watched<SslStreamCertificateContext>? certificate = server._certificate;
            server._web = await WebServer.StartAsync(
                options.Address, certificate is null ? null : () => certificate.Current, server._requests.HandleAsync);
            StorageChoice.Listen(server._storage, server.Address);
            server._looking = server.LookAsync(options.LookEvery, time);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Collects garbage now and then, until cancelled.</summary>
    /// <param name="every">between two collections; zero for none</param>
    /// <param name="time">to wait by</param>
    /// <param name="cancellation">ends it without an exception</param>
    public async Task CollectAsync(TimeSpan every, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : every, time, cancellation);
                await CollectAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // asked to stop
        }
    }

    /// <summary>One collection of garbage.</summary>
    public async Task<Collected> CollectAsync(CancellationToken cancellation)
    {
        try
        {
            Collected collected = await _storage.CollectAsync(_log.Say, cancellation);
            _metrics.Collected(collected.Blobs, collected.Bytes);
            if (collected.Blobs > 0)
            {
                _log.Say($"collected {collected.Blobs} blobs, {collected.Bytes} bytes");
            }

            return collected;
        }
        catch (Exception e) when (e is LinuxException or TareException)
        {
            // a failing disk must not end the server; nothing was removed that should not be
            _log.Say($"collection ended early: {e.Message}");
            return default;
        }
    }

    /// <summary>Reads files of passwords, rights and certificates again, if they changed.</summary>
    public void Look()
    {
        _access.Files.Look(_log.Say);
        _certificate?.Look(_log.Say);
    }

    /// <summary>Stops listening, lets requests under way end (for some seconds), closes the storage.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_web is not null)
        {
            await _web.DisposeAsync();
        }

        await _looking;
        await _storage.DisposeAsync();
        _access.Dispose();
        _ending.Dispose();
    }

    private async Task LookAsync(TimeSpan every, TimeProvider time)
    {
        using PeriodicTimer timer = new(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // the server ends
        }
    }
}
