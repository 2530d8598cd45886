// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>The compressions that a layer's media type can name.</summary>
internal enum Compression
{
    /// <summary>A plain tar.</summary>
    None,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>RFC 8878.</summary>
    Zstd,
}
