// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images;

/// <summary>Bounds on what one copy follows.</summary>
internal sealed record CopyLimits
{
    public static CopyLimits Default { get; } = new();

    /// <summary>Indexes inside indexes.</summary>
    public int IndexDepth { get; init; } = 4;

    /// <summary>Manifests and indexes reached from one root.</summary>
    public int Documents { get; init; } = 1024;

    /// <summary>Bytes of one stored layer or other blob.</summary>
    public long BlobBytes { get; init; } = 256L << 30;

    /// <summary>Layers of one image on their way at the same time. More than one needs a source and a sink that can.</summary>
    public int LayersAtOnce { get; init; } = 1;
}
