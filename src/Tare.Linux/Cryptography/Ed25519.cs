// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Linux.Interop;

namespace Tare.Linux.Cryptography;

/// <summary>A private key of Ed25519, which .NET does not have: OpenSSL's, in the library that .NET uses for all else.</summary>
/// <remarks>RFC 8032 §5.1. The library is opened when the first key is made. Safe to use from several threads.</remarks>
internal sealed unsafe class Ed25519 : IDisposable
{
    /// <summary>Bytes of a private key, and of a public one.</summary>
    public const int KeyBytes = 32;

    /// <inheritdoc cref="KeyBytes"/>
    public const int SignatureBytes = 64;

    private readonly Lock _gate = new();
    private nint _key;

    private Ed25519(nint key) => _key = key;

    ~Ed25519() => Free();

    /// <summary>Makes a key of its seed.</summary>
    /// <param name="seed">the private key of RFC 8032; copied</param>
    /// <exception cref="CryptographicException">it has another length, or OpenSSL does not want it</exception>
    /// <exception cref="DllNotFoundException">this host has no OpenSSL 3</exception>
    public static Ed25519 FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != KeyBytes)
        {
            throw new CryptographicException($"want a key of {KeyBytes} bytes");
        }

        fixed (byte* p = seed)
        {
            // SAFETY: KeyBytes bytes, which are copied
            nint key = Libcrypto.EVP_PKEY_new_raw_private_key(Libcrypto.EVP_PKEY_ED25519, 0, p, KeyBytes);
            return key != 0 ? new Ed25519(key) : throw Refused("make a key");
        }
    }

    /// <summary>Computed from the private key, never taken from elsewhere.</summary>
    public byte[] PublicKey()
    {
        byte[] bytes = new byte[KeyBytes];
        nuint length = KeyBytes;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_key == 0, this);
            fixed (byte* p = bytes)
            {
                // SAFETY: OpenSSL writes at most the length that it is told
                return Libcrypto.EVP_PKEY_get_raw_public_key(_key, p, &length) == 1 && length == KeyBytes
                    ? bytes : throw Refused("read a key");
            }
        }
    }

    /// <summary>The signature; the same each time.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        byte[] signature = new byte[SignatureBytes];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_key == 0, this);
            nint context = Libcrypto.EVP_MD_CTX_new();
            try
            {
                return context != 0 && IsSigned(context, signature, data) ? signature : throw Refused("sign");
            }
            finally
            {
                Libcrypto.EVP_MD_CTX_free(context);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Free();
        }

        GC.SuppressFinalize(this);
    }

    private bool IsSigned(nint context, byte[] signature, ReadOnlySpan<byte> data)
    {
        nuint length = SignatureBytes;
        fixed (byte* into = signature, from = data)
        {
            // SAFETY: OpenSSL writes at most the length that it is told; an empty text is a null pointer that nobody reads
            return Libcrypto.EVP_DigestSignInit(context, 0, 0, 0, _key) == 1
                && Libcrypto.EVP_DigestSign(context, into, &length, from, (nuint)data.Length) == 1
                && length == SignatureBytes;
        }
    }

    private void Free()
    {
        nint key = Interlocked.Exchange(ref _key, 0);
        if (key != 0)
        {
            Libcrypto.EVP_PKEY_free(key);
        }
    }

    private static CryptographicException Refused(string what) => new($"OpenSSL does not {what} of Ed25519");
}
