// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Hosting;

/// <summary>What a server proves its name with.</summary>
internal static class Certificates
{
    private const int MaxBytes = 1 << 20;

    /// <summary>The certificates of a PEM file, the first with its private key.</summary>
    /// <exception cref="TareException">InvalidArgument: one of the files cannot be read or does not fit the other</exception>
    public static SslStreamCertificateContext Read(string certificate, string key)
    {
        X509Certificate2Collection all = [];
        try
        {
            string pem = Encoding.ASCII.GetString(HostPath.ReadAll(certificate, MaxBytes));
            all.ImportFromPem(pem);
            all[0].Dispose();
            all[0] = X509Certificate2.CreateFromPem(pem, Encoding.ASCII.GetString(HostPath.ReadAll(key, MaxBytes)));
            // offline: nobody out there is asked whether the certificate is still good
            return SslStreamCertificateContext.Create(all[0], all, offline: true);
        }
        catch (Exception e) when (e is LinuxException or CryptographicException or ArgumentException)
        {
            string cause = e is LinuxException ? e.Message : "want a PEM certificate and its private key";
            throw new TareException(
                ErrorKind.InvalidArgument, $"certificate {Quoted.Text(certificate)}, key {Quoted.Text(key)}: {cause}", inner: e);
        }
    }
}
