// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

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
    private readonly RegistryCertificates _certificates;
    private readonly HttpMessageInvoker _http;

    /// <exception cref="Tare.Oci.TareException">the certificates for it are malformed</exception>
    public RegistryTransport(RegistryHost home, RegistryOptions options)
    {
        _home = home;
        _certificates = options.Certificates(home.Name);
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
            Proxy = options.Proxy,
            UseProxy = options.Proxy is { IsAny: true } && !home.Addresses.Any(IPAddress.IsLoopback),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Accept;
        if (_certificates.Own.Count > 0)
        {
            handler.SslOptions.ClientCertificates = _certificates.Own;
            handler.SslOptions.LocalCertificateSelectionCallback = ShowOwn;
        }
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        // a proxy would connect to it without asking us
        string host = request.RequestUri!.IdnHost;
        bool isForbidden = IPAddress.TryParse(host, out IPAddress? address) && !IsHome(host) && !_home.IsPrivate
            && PrivateNetworks.Contain(address);
        return isForbidden
            ? throw new HttpRequestException("forbidden", new ForbiddenHostException(host))
            : _http.SendAsync(request, ct);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Any certificate will do for an insecure registry, none for where it leads.</summary>
    /// <remarks>Authorities named for a registry count for its token server too, which often is another host of the same owner.</remarks>
    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        bool isFine = errors == SslPolicyErrors.None
            || (_home.IsInsecure && sender is SslStream stream && IsHome(stream.TargetHostName))
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 shown
                && _certificates.Vouch(shown, chain?.ChainElements.Select(static e => e.Certificate) ?? []));
        return isFine ? true : throw new UntrustedCertificateException();
    }

    /// <summary>Our own certificates are for the registry alone; what it leads to has no business with who we are.</summary>
    private X509Certificate ShowOwn(
        object sender, string targetHost, X509CertificateCollection own, X509Certificate? remote, string[] acceptable) =>
        IsHome(targetHost) ? own[0] : null!;

    private bool IsHome(string? host) => string.Equals(host, _home.Origin.Host, StringComparison.OrdinalIgnoreCase);

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
        // the proxy is the user's choice; a tunnel is asked for at its own address
        bool isProxy = context.InitialRequestMessage.Method == HttpMethod.Connect
            || !string.Equals(host, context.InitialRequestMessage.RequestUri?.Host, StringComparison.OrdinalIgnoreCase);
        bool mayBePrivate = isProxy || _home.IsPrivate;
        return mayBePrivate || !Array.Exists(addresses, PrivateNetworks.Contain)
            ? addresses
            : throw new ForbiddenHostException(host);
    }
}
