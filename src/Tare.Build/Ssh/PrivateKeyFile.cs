// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Linux.Cryptography;
using Tare.Oci;

namespace Tare.Build.Ssh;

/// <summary>Files of private keys as ssh-keygen and OpenSSL write them.</summary>
/// <remarks>RFC 7468; OpenSSH's PROTOCOL.key; PKCS #1 and #8, SEC 1.</remarks>
internal static class PrivateKeyFile
{
    /// <summary>Bytes of a file, as many as docker's builder reads.</summary>
    public const int MaxBytes = 100 << 10;

    private const string AgentHint = "lend an agent that holds it: ssh-add FILE, then --ssh default";

    /// <summary>RFC 8410 §7 with a key of 32 bytes: all but the key is always the same.</summary>
    private static ReadOnlySpan<byte> Ed25519Prefix => [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20];

    /// <summary>Reads the key; the caller disposes.</summary>
    /// <param name="name">of the file, for errors</param>
    /// <param name="text">all of it</param>
    /// <exception cref="TareException">InvalidArgument: it holds no key, or a damaged one; NotSupported: another kind, or it wants a passphrase</exception>
    public static SshKey Read(string name, byte[] text)
    {
        string lines = Encoding.Latin1.GetString(text);
        if (lines.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) || lines.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            throw WantsPassphrase(name);
        }

        if (!PemEncoding.TryFind(lines, out PemFields fields))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"ssh key {name}: it holds no private key", "name the file of the private key, not its .pub, or the socket of an agent");
        }

        byte[] content = Convert.FromBase64String(lines[fields.Base64Data]);
        try
        {
            return Of(name, lines[fields.Label], content);
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException or ArithmeticException or PlatformNotSupportedException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"ssh key {name}: malformed: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
        catch (DllNotFoundException e)
        {
            throw new TareException(ErrorKind.NotSupported, $"ssh key {name}: keys of Ed25519 want OpenSSL 3, which this host does not have", AgentHint, e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>The error for a key that only its owner can open.</summary>
    public static TareException WantsPassphrase(string name) =>
        new(ErrorKind.NotSupported, $"ssh key {name}: it is protected by a passphrase", AgentHint);

    private static SshKey Of(string name, string label, byte[] content) => label switch
    {
        "OPENSSH PRIVATE KEY" => OpenSshKeyFile.Read(name, content),
        "RSA PRIVATE KEY" => Rsa(rsa => rsa.ImportRSAPrivateKey(content, out _)),
        "EC PRIVATE KEY" => Ecdsa(ec => ec.ImportECPrivateKey(content, out _)),
        "PRIVATE KEY" when content.Length == Ed25519Prefix.Length + Ed25519.KeyBytes && content.AsSpan().StartsWith(Ed25519Prefix) =>
            new Ed25519SshKey(Ed25519.FromSeed(content.AsSpan(Ed25519Prefix.Length))),
        "PRIVATE KEY" => OfInfo(content),
        _ => throw new TareException(ErrorKind.NotSupported, $"ssh key {name}: {label} is no kind of private key that is known here", AgentHint),
    };

    /// <summary>PKCS #8 tells inside which algorithm it is; the wrong one refuses it.</summary>
    private static SshKey OfInfo(byte[] content)
    {
        try
        {
            return Rsa(rsa => rsa.ImportPkcs8PrivateKey(content, out _));
        }
        catch (CryptographicException)
        {
            return Ecdsa(ec => ec.ImportPkcs8PrivateKey(content, out _));
        }
    }

    private static SshKey Rsa(Action<RSA> fill) => Filled(RSA.Create(), fill, static key => new RsaSshKey(key));

    private static SshKey Ecdsa(Action<ECDsa> fill) => Filled(ECDsa.Create(), fill, static key => new EcdsaSshKey(key));

    private static SshKey Filled<T>(T key, Action<T> fill, Func<T, SshKey> wrap)
        where T : IDisposable
    {
        try
        {
            fill(key);
            return wrap(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
