// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using OpenFlags = Tare.Linux.Files.OpenFlags;

namespace Tare.Images.Remote;

/// <summary>Who vouches for one registry beside those that the host trusts, and what it knows us by.</summary>
/// <param name="Authorities">certificates of authorities; a server's own counts too</param>
/// <param name="Own">client certificates with their keys</param>
internal sealed record RegistryCertificates(X509Certificate2Collection Authorities, X509Certificate2Collection Own)
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 256;

    /// <summary>Nobody, nothing.</summary>
    public static RegistryCertificates None { get; } = new([], []);

    /// <summary>What docker's folder <c>certs.d/HOST[:PORT]</c> holds: <c>*.crt</c>, <c>*.cert</c> with <c>*.key</c>; nothing when it is not there.</summary>
    /// <remarks>docker docs/reference/commandline/dockerd.md "Insecure registries", "certificates".</remarks>
    /// <exception cref="TareException">InvalidArgument: a file is malformed or its other half is missing; PermissionDenied</exception>
    public static RegistryCertificates OfFolder(string path)
    {
        using Fd? folder = Named(path, () => HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory));
        if (folder is null)
        {
            return None;
        }
        List<string> names = [.. folder.SortedNames(MaxFiles).Select(Encoding.UTF8.GetString)];
        RegistryCertificates all = new([], []);
        foreach (string name in names)
        {
            string stem = System.IO.Path.GetFileNameWithoutExtension(name);
            switch (System.IO.Path.GetExtension(name))
            {
                case ".crt":
                    all.AddAuthority($"{path}/{name}");
                    break;
                case ".cert":
                    all.AddOwn($"{path}/{name}", names.Contains(stem + ".key") ? $"{path}/{stem}.key" : throw new TareException(
                        ErrorKind.InvalidArgument,
                        $"{path}/{name}: its key {stem}.key is missing", "certificates of authorities end in .crt"));
                    break;
                case ".key" when !names.Contains(stem + ".cert"):
                    throw new TareException(ErrorKind.InvalidArgument, $"{path}/{name}: its certificate {stem}.cert is missing");
                default:
                    break;
            }
        }
        return all;
    }

    /// <summary>What is in single files; each may be left out, certificate and key together.</summary>
    /// <inheritdoc cref="OfFolder" path="/exception"/>
    public static RegistryCertificates OfFiles(string? authority, string? certificate, string? key)
    {
        RegistryCertificates all = new([], []);
        if (authority is not null)
        {
            all.AddAuthority(authority);
        }
        if (certificate is not null && key is not null)
        {
            all.AddOwn(certificate, key);
        }
        return all;
    }

    /// <summary>Both.</summary>
    public RegistryCertificates With(RegistryCertificates more) => new([.. Authorities, .. more.Authorities], [.. Own, .. more.Own]);

    /// <summary>True when one of the authorities vouches for this certificate as a server's.</summary>
    /// <param name="certificate">what a server showed; its name has been compared</param>
    /// <param name="others">what it showed beside it</param>
    public bool Vouch(X509Certificate2 certificate, IEnumerable<X509Certificate2> others)
    {
        if (Authorities.Count == 0)
        {
            return false;
        }
        const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(others.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return chain.Build(certificate);
    }

    private void AddAuthority(string path)
    {
        string text = Read(path);
        int before = Authorities.Count;
        Parse(path, () => Authorities.ImportFromPem(text));
        if (Authorities.Count == before)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{path}: it holds no certificate in PEM form");
        }
    }

    private void AddOwn(string certificate, string key)
    {
        string text = Read(certificate);
        string secret = Read(key);
        Parse(certificate, () => Own.Add(X509Certificate2.CreateFromPem(text, secret)));
    }

    /// <summary>What is wrong in a secret is not told: it would be told of its content.</summary>
    private static void Parse(string path, Action parse)
    {
        try
        {
            parse();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{path}: it is no certificate in PEM form, or its key is not for it", inner: e);
        }
    }

    private static string Read(string path) => Encoding.UTF8.GetString(Named(path, () => HostPath.ReadAll(path, MaxBytes))!);

    private static T? Named<T>(string path, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            return null;
        }
        catch (LinuxException e)
        {
            throw new TareException(
                e.Errno == Errno.ENOENT ? ErrorKind.NotFound : ErrorKind.PermissionDenied, $"certificates {path}: {e.Errno.Explain()}", inner: e);
        }
    }
}
