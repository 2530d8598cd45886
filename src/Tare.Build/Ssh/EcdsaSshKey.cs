// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace Tare.Build.Ssh;

/// <summary>A key of ECDSA over one of NIST's curves.</summary>
/// <remarks>RFC 5656 §3.1.</remarks>
internal sealed class EcdsaSshKey : SshKey
{
    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly string _name;
    private readonly HashAlgorithmName _hash;

    /// <param name="key">owned when this succeeds</param>
    /// <exception cref="FormatException">it has another curve</exception>
    public EcdsaSshKey(ECDsa key)
    {
        ECParameters numbers = key.ExportParameters(includePrivateParameters: false);
        (string curve, _hash) = CurveOf(numbers.Curve);
        _name = "ecdsa-sha2-" + curve;
        PublicBlob = new SshWriter().String(Encoding.ASCII.GetBytes(_name)).String(Encoding.ASCII.GetBytes(curve))
            .String([4, .. numbers.Q.X!, .. numbers.Q.Y!]).ToArray();
        _key = key;
    }

    public override byte[] PublicBlob { get; }

    /// <summary>The curve by ssh's name.</summary>
    /// <exception cref="FormatException">it is another one</exception>
    public static ECCurve CurveOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("nistp256"u8) ? ECCurve.NamedCurves.nistP256
        : name.SequenceEqual("nistp384"u8) ? ECCurve.NamedCurves.nistP384
        : name.SequenceEqual("nistp521"u8) ? ECCurve.NamedCurves.nistP521
        : throw new FormatException("its curve is not known here");

    public override byte[]? Sign(ReadOnlySpan<byte> data, SignFlags flags)
    {
        if (flags != SignFlags.None)
        {
            return null;
        }

        byte[] signature;
        lock (_gate)
        {
            signature = _key.SignData(data, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        int half = signature.Length / 2;
        byte[] numbers = new SshWriter().Number(signature.AsSpan(0, half)).Number(signature.AsSpan(half)).ToArray();
        return new SshWriter().String(Encoding.ASCII.GetBytes(_name)).String(numbers).ToArray();
    }

    public override void Dispose() => _key.Dispose();

    private static (string Name, HashAlgorithmName Hash) CurveOf(ECCurve curve) => curve.Oid.Value switch
    {
        "1.2.840.10045.3.1.7" => ("nistp256", HashAlgorithmName.SHA256),
        "1.3.132.0.34" => ("nistp384", HashAlgorithmName.SHA384),
        "1.3.132.0.35" => ("nistp521", HashAlgorithmName.SHA512),
        _ => throw new FormatException("its curve is not known here"),
    };
}
