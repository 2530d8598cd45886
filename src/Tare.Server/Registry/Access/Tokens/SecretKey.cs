// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Access.Tokens;

/// <summary>The key of a registry that makes its own tokens: HMAC-SHA256.</summary>
/// <remarks>RFC 7518 §3.2.</remarks>
internal sealed class SecretKey : ITokenKey
{
    public const string Algorithm = "HS256";
    private const int MinBytes = 32;
    private const int MaxBytes = 64 << 10;
    private readonly byte[] _key;

    private SecretKey(byte[] key, bool isLasting)
    {
        _key = key;
        IsLasting = isLasting;
    }

    /// <summary>True when tokens are good after the next start.</summary>
    public bool IsLasting { get; }

    /// <summary>A key that nobody else has and that ends with this object.</summary>
    public static SecretKey Random() => new(RandomNumberGenerator.GetBytes(MinBytes), isLasting: false);

    /// <exception cref="TareException">NotFound, InvalidArgument</exception>
    public static SecretKey Read(string path)
    {
        try
        {
            byte[] bytes = HostPath.ReadAll(path, MaxBytes);
            return bytes.Length >= MinBytes
                ? new(SHA256.HashData(bytes), isLasting: true)
                : throw new TareException(
                    ErrorKind.InvalidArgument, $"{Quoted.Text(path)}: a secret for tokens has at least {MinBytes} bytes",
                    "head -c 64 /dev/urandom > FILE makes one");
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.NotFound, $"read {Quoted.Text(path)}: {e.Message}", inner: e);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(_key, bytes);

    public bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        algorithm == Algorithm && CryptographicOperations.FixedTimeEquals(Sign(signed), signature);
}
