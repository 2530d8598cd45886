// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tare.Images.Tests.Remote;

/// <summary>An authority that nobody trusts yet, and the certificates that it gives.</summary>
internal sealed class TestAuthority
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddDays(-1));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>For a server of this name, or a client.</summary>
    public (X509Certificate2 Certificate, string Pem, string KeyPem) Give(string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 bare = request.Create(
            Certificate, DateTimeOffset.UnixEpoch.AddDays(1), until ?? DateTimeOffset.MaxValue.AddDays(-2), serial);
        string keyPem = key.ExportPkcs8PrivateKeyPem();
        // what a TLS server shows must have its key in a form that the library keeps
        X509Certificate2 whole = X509CertificateLoader.LoadPkcs12(bare.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
        return (whole, bare.ExportCertificatePem(), keyPem);
    }
}
