// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Access.Tokens;

/// <summary>The public keys of somebody else who makes tokens: RS256, RS384, RS512, ES256, ES384, ES512.</summary>
/// <remarks>RFC 7518 §3.3, §3.4. Thread-safe: verification is one call of the library's.</remarks>
internal sealed class PublicKeys : ITokenKey, IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const int MinRsaBits = 2048;
    private readonly List<RSA> _rsa = [];
    private readonly List<ECDsa> _curves = [];

    private PublicKeys()
    {
    }

    /// <summary>Reads public keys and certificates of a PEM file.</summary>
    /// <exception cref="TareException">NotFound, InvalidArgument</exception>
    public static PublicKeys Read(string path)
    {
        PublicKeys keys = new();
        try
        {
            string text = Encoding.UTF8.GetString(HostPath.ReadAll(path, MaxBytes));
            ReadOnlySpan<char> rest = text;
            while (PemEncoding.TryFind(rest, out PemFields found))
            {
                keys.Add(rest[found.Label].ToString(), rest[found.Location].ToString());
                rest = rest[found.Location.End..];
            }

            return keys._rsa.Count + keys._curves.Count > 0 ? keys : throw Refused(path, "there is no public key in it", null);
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.NotFound, $"read {Quoted.Text(path)}: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Refused(path, "want public keys or certificates, RSA or elliptic curves, in PEM", e);
        }
    }

    public bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        HashAlgorithmName hash = algorithm switch
        {
            "RS256" or "ES256" => HashAlgorithmName.SHA256,
            "RS384" or "ES384" => HashAlgorithmName.SHA384,
            "RS512" or "ES512" => HashAlgorithmName.SHA512,
            _ => default,
        };
        if (hash == default)
        {
            return false;
        }

        if (algorithm[0] == 'R')
        {
            foreach (RSA key in _rsa)
            {
                if (key.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1))
                {
                    return true;
                }
            }

            return false;
        }

        // each curve has its own hash: RFC 7518 §3.4
        int bits = algorithm switch { "ES256" => 256, "ES384" => 384, _ => 521 };
        foreach (ECDsa key in _curves)
        {
            if (key.KeySize == bits && key.VerifyData(signed, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _rsa.ForEach(static key => key.Dispose());
        _curves.ForEach(static key => key.Dispose());
    }

    private void Add(string label, string pem)
    {
        switch (label)
        {
            case "CERTIFICATE":
                using (X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem))
                {
                    if (certificate.GetRSAPublicKey() is { } rsa)
                    {
                        AddRsa(rsa);
                    }
                    else if (certificate.GetECDsaPublicKey() is { } curve)
                    {
                        _curves.Add(curve);
                    }
                }

                break;
            case "RSA PUBLIC KEY":
                AddRsa(Import(RSA.Create(), pem));
                break;
            case "PUBLIC KEY":
                try
                {
                    AddRsa(Import(RSA.Create(), pem));
                }
                catch (CryptographicException)
                {
                    _curves.Add(Import(ECDsa.Create(), pem));
                }

                break;
            default:
                throw new CryptographicException($"{label} is no public key");
        }
    }

    private void AddRsa(RSA key)
    {
        _rsa.Add(key);
        if (key.KeySize < MinRsaBits)
        {
            throw new CryptographicException("the key is too short");
        }
    }

    private static TKey Import<TKey>(TKey key, string pem)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static TareException Refused(string path, string why, Exception? inner) =>
        new(ErrorKind.InvalidArgument, $"{Quoted.Text(path)}: {why}", inner: inner);
}
