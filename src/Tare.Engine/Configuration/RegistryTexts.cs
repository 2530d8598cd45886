// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>The keys below <c>proxies</c> and <c>registry-certificates</c>.</summary>
internal static class RegistryTexts
{
    /// <summary>docker's.</summary>
    public static readonly IReadOnlyList<ConfigurationKey<ProxyTexts>> ProxyKeys =
    [
        new("http-proxy", static (ref tokens, proxies) => proxies with { Http = Proxy(ref tokens) }),
        new("https-proxy", static (ref tokens, proxies) => proxies with { Https = Proxy(ref tokens) }),
        new("no-proxy", static (ref tokens, proxies) => proxies with { Direct = tokens.Text() }),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<CertificateFiles>> CertificateKeys =
    [
        new("ca", static (ref tokens, files) => files with { Authority = File(ref tokens) }),
        new("cert", static (ref tokens, files) => files with { Certificate = File(ref tokens) }),
        new("key", static (ref tokens, files) => files with { Key = File(ref tokens) }),
    ];

    public static CertificateFiles Certificates(ref ConfigurationTokens tokens)
    {
        CertificateFiles files = tokens.Object(new CertificateFiles(null, null, null), CertificateKeys);
        return files.Certificate is null == files.Key is null
            ? files
            : throw tokens.Fail("\"cert\" and \"key\" go together");
    }

    private static string Proxy(ref ConfigurationTokens tokens)
    {
        string text = tokens.Text();
        try
        {
            _ = new ProxyChoice(text, null, null);
            return text;
        }
        catch (TareException)
        {
            throw tokens.Fail("want http://host:port");
        }
    }

    private static string File(ref ConfigurationTokens tokens)
    {
        string text = tokens.Text();
        return text.StartsWith('/') && !text.Any(char.IsControl) ? text : throw tokens.Fail("want the absolute path of a file");
    }
}
