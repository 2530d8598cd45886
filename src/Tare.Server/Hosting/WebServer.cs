// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tare.Oci;

namespace Tare.Server.Hosting;

/// <summary>Kestrel with our bounds, on one address, with one function that answers.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;

    private WebServer(WebApplication app, IPEndPoint address)
    {
        _app = app;
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
        // empty: no configuration files, no variables of the environment, no log providers
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address, certificate));
        WebApplication app = builder.Build();
        app.Run(answer);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new TareException(
                ErrorKind.Unavailable, $"listen on {address}: the address cannot be had", "--addr names another one", e);
        }

        return new(app, new(address.Address, Port(app)));
    }

    /// <summary>Stops listening and lets requests under way end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static int Port(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

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
        limits.MaxRequestBufferSize = 128 << 10;
        limits.MaxResponseBufferSize = 256 << 10;
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(
                        new SslServerAuthenticationOptions { ServerCertificateContext = certificate() }),
                });
            }
        });
    }

    /// <summary>Signals belong to the program, not to the host.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
