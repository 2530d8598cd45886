// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>How a stream is packed, told by its first bytes.</summary>
internal enum CompressionFormat
{
    /// <summary>Not packed, or in a way that we do not know.</summary>
    None,
    Gzip,
    Zstd,
    Xz,
}
