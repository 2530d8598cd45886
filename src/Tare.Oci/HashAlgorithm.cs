// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>The hash functions that image-spec registers and we accept; 0 is "no digest".</summary>
public enum HashAlgorithm : byte
{
    /// <summary>The value of <c>default(Digest)</c>.</summary>
    None,

    /// <summary>32 bytes; what every builder writes.</summary>
    Sha256,

    /// <summary>64 bytes; allowed by the spec, rare.</summary>
    Sha512,
}
