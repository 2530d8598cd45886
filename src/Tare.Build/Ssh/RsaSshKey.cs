// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Tare.Build.Ssh;

/// <summary>A key of RSA. Signatures over SHA-1 are not given.</summary>
/// <remarks>RFC 4253 §6.6, RFC 8332.</remarks>
internal sealed class RsaSshKey : SshKey
{
    private const int MinBits = 1024;
    private const int MaxBits = 16384;

    private readonly Lock _gate = new();
    private readonly RSA _key;

    /// <param name="key">owned when this succeeds</param>
    /// <exception cref="FormatException">it is too short, or too long</exception>
    public RsaSshKey(RSA key)
    {
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        if (key.KeySize is < MinBits or > MaxBits)
        {
            throw new FormatException($"an RSA key of {key.KeySize} bits; want {MinBits} to {MaxBits}");
        }

        PublicBlob = new SshWriter().String("ssh-rsa"u8).Number(numbers.Exponent).Number(numbers.Modulus).ToArray();
        _key = key;
    }

    public override byte[] PublicBlob { get; }

    public override byte[]? Sign(ReadOnlySpan<byte> data, SignFlags flags) => flags switch
    {
        SignFlags.RsaSha256 => Sign(data, "rsa-sha2-256"u8, HashAlgorithmName.SHA256),
        SignFlags.RsaSha512 => Sign(data, "rsa-sha2-512"u8, HashAlgorithmName.SHA512),
        _ => null,
    };

    public override void Dispose() => _key.Dispose();

    private byte[] Sign(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name, HashAlgorithmName hash)
    {
        lock (_gate)
        {
            return new SshWriter().String(name).String(_key.SignData(data, hash, RSASignaturePadding.Pkcs1)).ToArray();
        }
    }
}
