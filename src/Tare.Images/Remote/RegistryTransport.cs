// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Tare.Images.Remote;

/// <summary>HTTP/1.1 connections for the sake of one registry: to itself and to where it leads.</summary>
/// <remarks>
/// It adds nothing to a request and follows nothing. A host that the registry leads to is not connected to in private
/// networks, unless the registry is in one itself. Safe to use from several threads.
/// </remarks>
internal sealed class RegistryTransport : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private readonly RegistryHost _home;
    private readonly HttpMessageInvoker _http;

    public RegistryTransport(RegistryHost home)
    {
        _home = home;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            MaxResponseHeadersLength = RegistryOptions.MaxHeaderKilobytes,
            // what nobody wants to read is not read: an endless body ends with its connection
            MaxResponseDrainSize = 0,
            UseProxy = !home.Addresses.Any(IPAddress.IsLoopback),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Accept;
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => _http.SendAsync(request, ct);

    public void Dispose() => _http.Dispose();

    /// <summary>Any certificate will do for an insecure registry, none for where it leads.</summary>
    private bool Accept(object sender, object? certificate, object? chain, SslPolicyErrors errors)
    {
        bool isHome = sender is SslStream stream
            && string.Equals(stream.TargetHostName, _home.Origin.Host, StringComparison.OrdinalIgnoreCase);
        return errors == SslPolicyErrors.None || (_home.IsInsecure && isHome) ? true : throw new UntrustedCertificateException();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        IPAddress[] addresses = await FindAsync(context, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> FindAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        string host = context.DnsEndPoint.Host;
        if (string.Equals(host.Trim('[', ']'), _home.Origin.Host, StringComparison.OrdinalIgnoreCase) && _home.Addresses.Count > 0)
        {
            return [.. _home.Addresses];
        }
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, ct);
        // the proxy is the user's choice
        bool isProxy = !string.Equals(host, context.InitialRequestMessage.RequestUri?.Host, StringComparison.OrdinalIgnoreCase);
        bool mayBePrivate = isProxy || _home.IsPrivate;
        return mayBePrivate || !Array.Exists(addresses, PrivateNetworks.Contain)
            ? addresses
            : throw new ForbiddenHostException(host);
    }
}
