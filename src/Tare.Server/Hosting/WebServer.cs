// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tare.Oci;

namespace Tare.Server.Hosting;

/// <summary>Kestrel with our bounds, on one address, with one function that answers.</summary>
/// <remarks>The server alone: no host, container of services, configuration or routes around it.</remarks>
internal sealed class WebServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Of each connection, in each direction and at each level: megabytes of a slow disk's or reader's backlog.</summary>
    private const int BufferBytes = 256 << 10;

    private readonly KestrelServer _server;

    private WebServer(KestrelServer server, IPEndPoint address)
    {
        _server = server;
        Address = address;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Listens; <paramref name="answer"/> is called for every request from now on.</summary>
    /// <param name="address">port 0 takes a free one</param>
    /// <param name="certificate">asked for each connection; null for plain HTTP</param>
    /// <param name="answer">must not throw</param>
    /// <exception cref="TareException">Unavailable: the address cannot be had</exception>
    public static async Task<WebServer> StartAsync(
        IPEndPoint address, Func<SslStreamCertificateContext>? certificate, RequestDelegate answer)
    {
        KestrelServerOptions options = new();
        Configure(options, address, certificate);
        SocketTransportOptions transport = new() { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes };
        SocketTransportFactory sockets = new(Options.Create(transport), NullLoggerFactory.Instance);
        KestrelServer server = new(Options.Create(options), sockets, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(answer), CancellationToken.None);
        }
        catch (IOException e)
        {
            server.Dispose();
            throw new TareException(
                ErrorKind.Unavailable, $"listen on {address}: the address cannot be had", "--addr names another one", e);
        }

        return new(server, new(address.Address, Port(server)));
    }

    /// <summary>Stops listening and lets requests under way end.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _server.StopAsync(patience.Token);
        _server.Dispose();
    }

    private static int Port(KestrelServer server) =>
        new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private static void Configure(
        KestrelServerOptions kestrel, IPEndPoint address, Func<SslStreamCertificateContext>? certificate)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxConcurrentConnections = 4096;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 512, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = new(bytesPerSecond: 512, gracePeriod: TimeSpan.FromSeconds(10));
        // handlers bound bodies themselves: a blob is written as it comes
        limits.MaxRequestBodySize = null;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.MaxResponseBufferSize = BufferBytes;
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.Use(next => connection => TlsConnections.RunAsync(connection, next, certificate));
            }
        });
    }

    /// <summary>Makes a context of what Kestrel knows of a request; a connection's is used for all its requests.</summary>
    private sealed class Application(RequestDelegate answer) : IHttpApplication<DefaultHttpContext>
    {
        public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
        {
            if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            {
                return new(contextFeatures);
            }

            connection.HostContext ??= new();
            connection.HostContext.Initialize(contextFeatures);
            return connection.HostContext;
        }

        public Task ProcessRequestAsync(DefaultHttpContext context) => answer(context);

        public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
    }
}
