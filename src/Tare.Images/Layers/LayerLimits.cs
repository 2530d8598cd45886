// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>What one layer may cost; passing a bound is ResourceExhausted. Time is the caller's cancellation.</summary>
internal sealed record LayerLimits
{
    /// <summary>Bytes in one path and directories in it; the kernel's own bounds are 4095 bytes and 255 per name.</summary>
    public const int MaxPathBytes = 4095;
    public const int MaxDepth = 256;

    /// <summary>What a stream may unpack to whatever its ratio, so that small layers full of zeros still load.</summary>
    private const long FreeBytes = 256L << 20;
    private const long MaxRatio = 1000;

    public static LayerLimits Default { get; } = new();

    /// <summary>Bytes of the uncompressed archive.</summary>
    public long Bytes { get; init; } = 256L << 30;

    /// <summary>Bytes of one file, holes included.</summary>
    public long FileBytes { get; init; } = 1L << 40;

    public long Entries { get; init; } = 1 << 22;

    /// <summary>Whether the archive must have its end marker; optional where a digest vouches for the bytes.</summary>
    public TarEnd End { get; init; } = TarEnd.Optional;

    /// <summary>The same with a bound on the ratio, for a layer of which the compressed size is known.</summary>
    public LayerLimits ForCompressed(long compressedBytes) =>
        this with { Bytes = Math.Min(Bytes, Math.Max(FreeBytes, Math.Min(compressedBytes, Bytes / MaxRatio) * MaxRatio)) };
}
