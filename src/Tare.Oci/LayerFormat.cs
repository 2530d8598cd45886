// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>How a layer's tar is stored.</summary>
/// <param name="Compression">what is around the tar</param>
/// <param name="IsForeign">the layer may not be pushed to ordinary registries (Windows base layers)</param>
internal readonly record struct LayerFormat(Compression Compression, bool IsForeign);
