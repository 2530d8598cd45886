// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux;
using Tare.Oci;
using Tare.Server.Hosting;
using Tare.Server.Registry.Access;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>A registry of images over a folder: distribution-spec 1.1 for everybody who speaks it.</summary>
/// <remarks>
/// Owns the protocol, who may use it, and the folder. Knows nothing of the engine and its store. Start reading at
/// <see cref="RegistryRequests"/> for what is answered, at <see cref="StorageFolder"/> for what is on disk.
/// </remarks>
internal sealed class RegistryServer : IAsyncDisposable
{
    private readonly StorageFolder _folder;
    private readonly Gate _gate;
    private readonly Uploads _uploads;
    private readonly AccessLog _log;
    private readonly Metrics _metrics = new();
    private readonly Collector _collector;
    private readonly RegistryRequests _requests;
    private WebServer? _web;

    private RegistryServer(RegistryOptions options, StorageFolder folder, Gate gate, TextWriter log, TimeProvider time)
    {
        _folder = folder;
        _gate = gate;
        _log = new(log, time);
        BlobLinks blobs = new(folder, time, options.Grace);
        ManifestShelf shelf = new(folder, blobs);
        _uploads = new(folder, blobs);
        _collector = new(folder, blobs, shelf, time);
        _requests = new(
            new(blobs), new(blobs, _uploads), new(shelf), new(folder, shelf), gate, _metrics, _log);
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
        PasswordFile? passwords = options.Passwords is null ? null : PasswordFile.Read(options.Passwords);
        RightsFile? rights = options.Rights is null ? null : RightsFile.Read(options.Rights);
        Gate gate = new(passwords, rights, options.AnonymousPull, time);
        RegistryServer server = new(options, StorageFolder.Open(options.Storage), gate, log, time);
        try
        {
            server._web = await WebServer.StartAsync(
                options.Address, Certificates.Read(options.Certificate, options.Key), server._requests.HandleAsync);
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
                Collect(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // asked to stop
        }
    }

    /// <summary>One collection of garbage.</summary>
    public Collected Collect(CancellationToken cancellation)
    {
        try
        {
            Collected collected = _collector.Collect(_log.Say, cancellation);
            _metrics.Collected(collected.Blobs, collected.Bytes);
            if (collected.Blobs > 0)
            {
                _log.Say($"collected {collected.Blobs} blobs, {collected.Bytes} bytes");
            }

            return collected;
        }
        catch (LinuxException e)
        {
            // a failing disk must not end the server; nothing was removed that should not be
            _log.Say($"collection ended early: {e.Message}");
            return default;
        }
    }

    /// <summary>Stops listening, lets requests under way end (for some seconds), closes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            await _web.DisposeAsync();
        }

        _uploads.Dispose();
        _gate.Dispose();
        _folder.Dispose();
    }
}
