// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One layer of a stored image.</summary>
/// <param name="Chain">names the unpacked tree</param>
/// <param name="DiffId">the digest of the tar</param>
/// <param name="Blob">the stored form</param>
/// <param name="Size">bytes of the files in the tree</param>
internal sealed record StoredLayer(ChainId Chain, DiffId DiffId, Descriptor Blob, long Size);
