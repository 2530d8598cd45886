// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>What a reader wants to see behind the last entry.</summary>
internal enum TarEnd
{
    /// <summary>The stream may just end: its digest is checked elsewhere, and some tools write no end marker.</summary>
    Optional,

    /// <summary>A block of zeros, for archives that nothing else vouches for.</summary>
    Required,
}
