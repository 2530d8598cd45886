// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Which requests go by way of which proxy.</summary>
/// <remarks>The rules of Go's net/http, which users of docker know: golang.org/x/net/http/httpproxy. This machine itself is never
/// asked by way of a proxy.</remarks>
internal sealed class ProxyChoice : IWebProxy
{
    private const int MaxRules = 1000;
    private const string Scheme = "Basic";
    private static readonly string[] Schemes = ["http", "https", "socks5"];
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _direct;

    /// <param name="http">the proxy for http, with or without a scheme; null or empty: none</param>
    /// <param name="https">the proxy for https; likewise</param>
    /// <param name="direct">hosts, domains, addresses and networks that are asked without one, separated by commas; <c>*</c>: all</param>
    /// <exception cref="TareException">InvalidArgument: no proxy can be found of it</exception>
    public ProxyChoice(string? http, string? https, string? direct)
    {
        _http = Parse(http);
        _https = Parse(https);
        _direct = [.. (direct ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaxRules)];
    }

    /// <summary>False when everything is asked without a proxy.</summary>
    public bool IsAny => (_http ?? _https) is not null;

    /// <summary>What stands before the proxy's name; those of https when both have some.</summary>
    public ICredentials? Credentials
    {
        get
        {
            var known = new CredentialCache();
            bool any = false;
            foreach (Uri? proxy in (ReadOnlySpan<Uri?>)[_https, _http])
            {
                if (proxy is not { UserInfo: { Length: > 0 } user })
                {
                    continue;
                }
                var server = new Uri(proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
                if (known.GetCredential(server, Scheme) is null)
                {
                    string[] parts = user.Split(':', 2);
                    string secret = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
                    known.Add(server, Scheme, new NetworkCredential(Uri.UnescapeDataString(parts[0]), secret));
                    any = true;
                }
            }
            return any ? known : null;
        }
        set => throw new NotSupportedException();
    }

    /// <summary>Null when there is none on the way.</summary>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : For(destination);

    public bool IsBypassed(Uri host)
    {
        string name = host.IdnHost.ToLowerInvariant().TrimEnd('.');
        IPAddress? address = IPAddress.TryParse(name, out IPAddress? parsed) ? parsed : null;
        bool isOwn = name == "localhost" || (address is not null && IPAddress.IsLoopback(address));
        return isOwn || For(host) is null || Array.Exists(_direct, rule => Covers(rule, name, address, host.Port));
    }

    /// <exception cref="TareException">InvalidArgument</exception>
    private static Uri? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        string whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(whole, UriKind.Absolute, out Uri? proxy) && Schemes.Contains(proxy.Scheme) && proxy.Host.Length > 0
            ? proxy
            // what stands in it may be a password
            : throw new TareException(ErrorKind.InvalidArgument, "the proxy is no address", "write http://host:port in HTTP_PROXY, HTTPS_PROXY or \"proxies\"");
    }

    private Uri? For(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static bool Covers(string rule, string name, IPAddress? address, int port)
    {
        if (rule == "*")
        {
            return true;
        }
        if (address is not null && IPNetwork.TryParse(rule, out IPNetwork network))
        {
            return network.Contains(address);
        }
        (string host, int? only) = SplitPort(rule.ToLowerInvariant());
        if (only is not null && only != port)
        {
            return false;
        }
        if (address is not null)
        {
            return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? one) && one.Equals(address);
        }
        string domain = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
        return domain.StartsWith('.')
            ? name.EndsWith(domain, StringComparison.Ordinal)
            : name == domain || name.EndsWith("." + domain, StringComparison.Ordinal);
    }

    private static (string Host, int? Port) SplitPort(string rule)
    {
        int colon = rule.LastIndexOf(':');
        bool isPort = colon > 0 && (rule.IndexOf(':', StringComparison.Ordinal) == colon || rule[colon - 1] == ']');
        return isPort && int.TryParse(rule.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? (rule[..colon], port)
            : (rule, null);
    }
}
