// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Linux.Cryptography;
using Tare.Oci;

namespace Tare.Build.Ssh;

/// <summary>OpenSSH's own format of private keys.</summary>
/// <remarks>OpenSSH's PROTOCOL.key: a cipher, how its key is made, the public key, and the private part.</remarks>
internal static class OpenSshKeyFile
{
    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    /// <param name="name">of the file, for errors</param>
    /// <param name="content">what its lines of base64 are</param>
    /// <exception cref="TareException">NotSupported: a passphrase, several keys, another algorithm</exception>
    /// <exception cref="FormatException">it is damaged</exception>
    /// <exception cref="CryptographicException">its numbers are no key</exception>
    public static SshKey Read(string name, ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith(Magic))
        {
            throw new FormatException("it does not begin as OpenSSH's keys do");
        }

        SshReader reader = new(content[Magic.Length..]);
        ReadOnlySpan<byte> cipher = reader.String();
        ReadOnlySpan<byte> derivation = reader.String();
        reader.String();
        if (!cipher.SequenceEqual("none"u8) || !derivation.SequenceEqual("none"u8))
        {
            throw PrivateKeyFile.WantsPassphrase(name);
        }

        if (reader.UInt32() != 1)
        {
            throw new TareException(ErrorKind.NotSupported, $"ssh key {name}: a file of several keys", "write each into a file of its own");
        }

        ReadOnlySpan<byte> blob = reader.String();
        SshReader secret = new(reader.String());
        if (secret.UInt32() != secret.UInt32())
        {
            throw new FormatException("its two check numbers differ");
        }

        SshKey key = KeyOf(name, ref secret);
        if (key.PublicBlob.AsSpan().SequenceEqual(blob))
        {
            return key;
        }

        key.Dispose();
        throw new FormatException("its public and its private part are of two keys");
    }

    private static SshKey KeyOf(string name, ref SshReader reader)
    {
        ReadOnlySpan<byte> algorithm = reader.String();
        if (algorithm.SequenceEqual("ssh-ed25519"u8))
        {
            reader.String();
            ReadOnlySpan<byte> pair = reader.String();
            return pair.Length == 2 * Ed25519.KeyBytes
                ? new Ed25519SshKey(Ed25519.FromSeed(pair[..Ed25519.KeyBytes])) : throw new FormatException("a key of another length");
        }

        return algorithm.SequenceEqual("ssh-rsa"u8) ? Rsa(ref reader)
            : algorithm.StartsWith("ecdsa-sha2-"u8) ? Ecdsa(ref reader)
            : throw new TareException(
                ErrorKind.NotSupported, $"ssh key {name}: neither of Ed25519, RSA nor ECDSA", "lend an agent that holds it: --ssh default");
    }

    private static EcdsaSshKey Ecdsa(ref SshReader reader)
    {
        ECCurve curve = EcdsaSshKey.CurveOf(reader.String());
        ReadOnlySpan<byte> point = reader.String();
        int half = (point.Length - 1) / 2;
        if (point.Length < 3 || point[0] != 4 || point.Length != (2 * half) + 1)
        {
            throw new FormatException("its public point is malformed");
        }

        ECParameters numbers = new()
        {
            Curve = curve,
            Q = new ECPoint { X = point[1..(half + 1)].ToArray(), Y = point[(half + 1)..].ToArray() },
            D = Wide(reader.Number(), half),
        };
        return new EcdsaSshKey(ECDsa.Create(numbers));
    }

    private static RsaSshKey Rsa(ref SshReader reader)
    {
        byte[] modulus = reader.Number().ToArray();
        byte[] exponent = reader.Number().ToArray();
        ReadOnlySpan<byte> secret = reader.Number();
        ReadOnlySpan<byte> inverse = reader.Number();
        ReadOnlySpan<byte> p = reader.Number();
        ReadOnlySpan<byte> q = reader.Number();
        int half = (modulus.Length + 1) / 2;
        RSAParameters numbers = new()
        {
            Modulus = modulus,
            Exponent = exponent,
            D = Wide(secret, modulus.Length),
            P = Wide(p, half),
            Q = Wide(q, half),
            InverseQ = Wide(inverse, half),
            DP = Wide(Remainder(secret, p), half),
            DQ = Wide(Remainder(secret, q), half),
        };
        return new RsaSshKey(RSA.Create(numbers));
    }

    /// <summary>Of the division by a prime less one, which the format leaves out; bit by bit, as it is done twice for a key.</summary>
    private static byte[] Remainder(ReadOnlySpan<byte> number, ReadOnlySpan<byte> prime)
    {
        if (prime is [] or [1] || (prime[^1] & 1) == 0)
        {
            throw new FormatException("a prime of it is none");
        }

        byte[] divisor = [0, .. prime[..^1], (byte)(prime[^1] - 1)];
        byte[] rest = new byte[divisor.Length];
        for (int bit = 0; bit < number.Length * 8; bit++)
        {
            int carry = (number[bit / 8] >> (7 - (bit % 8))) & 1;
            for (int i = rest.Length - 1; i >= 0; i--)
            {
                carry += rest[i] << 1;
                rest[i] = (byte)carry;
                carry >>= 8;
            }

            if (rest.AsSpan().SequenceCompareTo(divisor) >= 0)
            {
                Subtract(rest, divisor);
            }
        }

        return rest;
    }

    private static void Subtract(byte[] from, byte[] number)
    {
        int borrow = 0;
        for (int i = from.Length - 1; i >= 0; i--)
        {
            borrow = from[i] - number[i] - borrow;
            from[i] = (byte)borrow;
            borrow = borrow < 0 ? 1 : 0;
        }
    }

    private static byte[] Wide(ReadOnlySpan<byte> number, int length)
    {
        ReadOnlySpan<byte> digits = number.TrimStart((byte)0);
        if (digits.Length > length)
        {
            throw new FormatException("a number of it is too long");
        }

        byte[] wide = new byte[length];
        digits.CopyTo(wide.AsSpan(length - digits.Length));
        return wide;
    }
}
